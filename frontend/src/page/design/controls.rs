//! Buttons and fields on show.

use super::Part;
use super::sample::d;
use crate::i18n::{K, t, tr};
use crate::ui::{
    Button, Checkbox, Choice, Combobox, DatePicker, DecimalInput, Field, Granularity, I, Kind, PasswordInput,
    PeriodPicker, Segmented, Select, Switch, TextArea, TextInput, Unit, toast,
};
use chrono::NaiveDate;
use leptos::prelude::*;

#[component]
pub(super) fn Buttons() -> impl IntoView {
    let busy = RwSignal::new(false);
    let work = Callback::new(move |()| {
        busy.set(true);
        set_timeout(
            move || {
                let _ = busy.try_set(false);
                toast(t(K::DesignSaved));
            },
            std::time::Duration::from_millis(1500),
        );
    });
    let view_kind = RwSignal::new("month".to_owned());
    let options = vec![
        ("month", TextProp::from(K::DesignMonth)),
        ("quarter", TextProp::from(K::DesignQuarter)),
        ("year", TextProp::from(K::DesignYear)),
    ];
    view! {
        <Part title=K::DesignButtons>
            <div class="row">
                <Button kind=Kind::Primary busy on_press=work>{tr(K::DesignSave)}</Button>
                <Button icon=I::Download>{tr(K::DesignExport)}</Button>
                <Button kind=Kind::Quiet icon=I::Filter>{tr(K::DesignFilter)}</Button>
                <Button kind=Kind::Danger>{tr(K::DesignDelete)}</Button>
                <Button disabled=true>{tr(K::DesignDisabled)}</Button>
                <Button kind=Kind::Quiet icon=I::Copy name=K::ProblemCopy />
                <Segmented
                    label=K::DesignView
                    options
                    value=view_kind
                    on_choose=Callback::new(move |code: String| view_kind.set(code))
                />
            </div>
        </Part>
    }
}

#[component]
pub(super) fn Fields() -> impl IntoView {
    let text = RwSignal::new("Farmaceutica Aurora".to_owned());
    let wrong = RwSignal::new("giulia.bianchi".to_owned());
    let secret = RwSignal::new("correct horse battery".to_owned());
    let note = RwSignal::new(String::new());
    let chosen = RwSignal::new("cardio".to_owned());
    let region = RwSignal::new(String::new());
    let (money, share) = (RwSignal::new(Some(d("12500.5"))), RwSignal::new(Some(d("1.046"))));
    let day = RwSignal::new(NaiveDate::from_ymd_opt(2026, 10, 31));
    let period = RwSignal::new("2026-Q3".to_owned());
    let (agreed, live) = (RwSignal::new(true), RwSignal::new(true));
    let lines = vec![
        Choice::new("cardio", K::DesignLineCardio),
        Choice::new("respiratory", K::DesignLineRespiratory),
        Choice::new("oncology", K::DesignLineOncology),
    ];
    let regions: Vec<Choice> = REGIONS.iter().map(|name| Choice::new(*name, *name)).collect();
    view! {
        <Part title=K::DesignFields>
            <div class="form-grid">
                <Field label=K::DesignCompany required=true>
                    <TextInput value=text />
                </Field>
                <Field label=K::SignInEmail required=true error=Signal::derive(|| Some(t(K::SignInEmailWrong).to_owned()))>
                    <TextInput value=wrong kind="email" />
                </Field>
                <Field label=K::SignInPassword required=true>
                    <PasswordInput value=secret autocomplete="off" />
                </Field>
                <Field label=K::DesignLine required=true>
                    <Select value=chosen options=lines />
                </Field>
                <Field label=K::DesignRegion hint=K::DesignRegionHint>
                    <Combobox value=region options=regions placeholder=K::DesignRegionPlaceholder />
                </Field>
                <Field label=K::DesignDate required=true>
                    <DatePicker value=day />
                </Field>
                <Field label=K::DesignTarget required=true hint=K::DesignTargetHint>
                    <DecimalInput value=money unit=Unit::Money("EUR") />
                </Field>
                <Field label=K::DesignAttainment required=true>
                    <DecimalInput value=share unit=Unit::Percent />
                </Field>
                <Field label=K::DesignNote>
                    <TextArea value=note rows=2 />
                </Field>
                <div class="stack">
                    <Checkbox value=agreed label=K::DesignAgree />
                    <Switch label=K::DesignLive value=live on_change=Callback::new(move |on| live.set(on)) />
                    <PeriodPicker value=period on_choose=Callback::new(move |code: String| period.set(code)) granularity=Granularity::Quarter />
                </div>
            </div>
        </Part>
    }
}

const REGIONS: [&str; 20] = [
    "Abruzzo",
    "Basilicata",
    "Calabria",
    "Campania",
    "Emilia-Romagna",
    "Friuli-Venezia Giulia",
    "Lazio",
    "Liguria",
    "Lombardia",
    "Marche",
    "Molise",
    "Piemonte",
    "Puglia",
    "Sardegna",
    "Sicilia",
    "Toscana",
    "Trentino-Alto Adige",
    "Umbria",
    "Valle d’Aosta",
    "Veneto",
];
