//! Marks, states, dialogs and messages on show.

use super::Part;
use super::sample::d;
use crate::api::Problem;
use crate::chart::Bullet;
use crate::fmt::Detail;
use crate::i18n::{K, t, tr};
use crate::ui::{
    Badge, Band, BandTag, Button, ConfirmDialog, Dialog, Drawer, Empty, I, Kind, Money, Percent, Points, ProblemNote,
    Progress, Skeleton, SkeletonShape, Tab, Tabs, Tone, toast, toast_error, toast_with_undo,
};
use leptos::prelude::*;
use traguardo_contract::problem::ProblemError;

const BANDS: [(Band, &str); 4] =
    [(Band::Below, "0.62"), (Band::OnTheWay, "0.918"), (Band::Met, "1.046"), (Band::Accelerated, "1.273")];

#[component]
pub(super) fn Marks() -> impl IntoView {
    let gauges = BANDS
        .into_iter()
        .map(|(band, attainment)| {
            let value = Signal::stored(d(attainment));
            view! {
                <div class="gauge">
                    <Percent value />
                    <Bullet label=K::DesignLineCardio attainment=value pace=Signal::stored(Some(d("0.75"))) />
                    <BandTag band />
                </div>
            }
        })
        .collect_view();
    view! {
        <Part title=K::DesignMarks>
            <div class="columns-2">
                <div class="stack">{gauges}</div>
                <div class="stack">
                    <div class="row">
                        <Badge>{tr(K::StateDraft)}</Badge>
                        <Badge tone=Tone::Accent>{tr(K::StateProposed)}</Badge>
                        <Badge tone=Tone::Positive>{tr(K::StateApproved)}</Badge>
                        <Badge tone=Tone::Caution>{tr(K::StatePreliminary)}</Badge>
                        <Badge tone=Tone::Error>{tr(K::StateRefused)}</Badge>
                    </div>
                    <dl class="figures">
                        <div><dt>{tr(K::DesignFull)}</dt><dd><Money value=d("201339.86") currency="EUR" /></dd></div>
                        <div><dt>{tr(K::DesignWhole)}</dt><dd><Money value=d("201339.86") currency="EUR" detail=Detail::Whole /></dd></div>
                        <div><dt>{tr(K::DesignCompact)}</dt><dd><Money value=d("201339.86") currency="EUR" detail=Detail::Compact /></dd></div>
                        <div><dt>{tr(K::DesignChange)}</dt><dd><Money value=d("-412.5") currency="EUR" change=true /></dd></div>
                        <div><dt>{tr(K::DesignPoints)}</dt><dd><Points value=d("0.032") /></dd></div>
                    </dl>
                    <Progress label=K::DesignProgress percent=Signal::stored(Some(64)) />
                    <Progress label=K::DesignProgressOpen percent=Signal::stored(None) />
                </div>
            </div>
        </Part>
    }
}

fn sample_problem() -> Problem {
    let error = |row: u64, column: &str, key: K| ProblemError {
        code: "sample".to_owned(),
        path: None,
        row: Some(row),
        column: Some(column.to_owned()),
        message: t(key).to_owned(),
    };
    Problem {
        code: "validation_failed".to_owned(),
        detail: String::new(),
        status: 422,
        instance: Some("6f1c2a90-7d1e".to_owned()),
        errors: vec![error(12, "amount", K::DesignFaultAmount), error(40, "product", K::DesignFaultProduct)],
        retry_after: None,
    }
}

#[component]
pub(super) fn States() -> impl IntoView {
    let (dialog, drawer, confirm) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let chosen = RwSignal::new("empty".to_owned());
    let tabs = vec![
        Tab::new("empty", K::DesignEmpty, || {
            view! {
                <Empty icon=I::File title=K::DesignEmptyTitle text=K::DesignEmptyText>
                    <Button kind=Kind::Primary>{tr(K::DesignEmptyAct)}</Button>
                </Empty>
            }
        }),
        Tab::new("problem", K::DesignProblem, || {
            view! { <ProblemNote problem=sample_problem() on_retry=Callback::new(|()| toast(t(K::DesignSaved))) /> }
        }),
        Tab::new("loading", K::DesignLoading, || {
            view! {
                <div class="stack">
                    <Skeleton shape=SkeletonShape::Cards(4) />
                    <Skeleton shape=SkeletonShape::Lines(3) />
                    <Skeleton shape=SkeletonShape::Chart />
                    <Skeleton shape=SkeletonShape::Table(4) />
                </div>
            }
        }),
    ];
    view! {
        <Part title=K::DesignStates>
            <div class="row">
                <Button on_press=Callback::new(move |()| dialog.set(true))>{tr(K::DesignOpenDialog)}</Button>
                <Button on_press=Callback::new(move |()| drawer.set(true))>{tr(K::DesignOpenDrawer)}</Button>
                <Button kind=Kind::Danger on_press=Callback::new(move |()| confirm.set(true))>{tr(K::DesignOpenConfirm)}</Button>
                <Button on_press=Callback::new(|()| toast_with_undo(t(K::DesignSaved), || toast(t(K::DesignUndone))))>
                    {tr(K::DesignToast)}
                </Button>
                <Button on_press=Callback::new(|()| toast_error(t(K::DesignFailed)))>{tr(K::DesignToastError)}</Button>
            </div>
            <Tabs label=K::DesignStates tabs chosen />
            <Dialog open=dialog title=K::DesignDialogTitle>
                <p>{tr(K::DesignDialogText)}</p>
                <footer class="dialog-foot">
                    <Button kind=Kind::Primary on_press=Callback::new(move |()| dialog.set(false))>{tr(K::DialogClose)}</Button>
                </footer>
            </Dialog>
            <Drawer open=drawer title=K::DesignDrawerTitle>
                <p>{tr(K::DesignDialogText)}</p>
                <Skeleton shape=SkeletonShape::Lines(5) />
            </Drawer>
            <ConfirmDialog
                open=confirm
                title=K::DesignConfirmTitle
                text=K::DesignConfirmText
                confirm=K::DesignConfirmAct
                typed="2026-Q3"
                danger=true
                on_confirm=Callback::new(|()| toast(t(K::DesignSaved)))
            />
        </Part>
    }
}
