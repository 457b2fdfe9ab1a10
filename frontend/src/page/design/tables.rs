//! The table on show, with as many rows as a large field force.

use super::Part;
use super::sample::{self, Person};
use crate::chart::Sparkline;
use crate::fmt;
use crate::i18n::{K, t};
use crate::ui::{BandTag, Column, DataTable, Drawer, Format, Money, Percent, Value};
use leptos::prelude::*;

const COUNT: usize = 10_000;

#[component]
pub(super) fn Tables() -> impl IntoView {
    let people = RwSignal::new(sample::people(COUNT));
    let data = Signal::from(people);
    let opened = RwSignal::new(None::<usize>);
    let open = RwSignal::new(false);
    let person = move |place: usize| people.with_untracked(|people| people.get(place).cloned());
    let columns = vec![
        Column::new("name", K::TableName, Format::Text, data, |row: &Person| Value::Text(row.name.clone())).width(158),
        Column::new("code", K::TableCode, Format::Text, data, |row: &Person| Value::Text(row.code.clone()))
            .width(96)
            .hidden(),
        Column::new("region", K::TableRegion, Format::Text, data, |row: &Person| Value::Text(row.region.to_owned()))
            .width(134)
            .with_choice(),
        Column::new("product", K::TableProduct, Format::Text, data, |row: &Person| Value::Text(row.product.to_owned()))
            .width(104)
            .with_choice(),
        Column::new("goal", K::ChartGoal, Format::Money("EUR"), data, |row: &Person| Value::Number(row.goal))
            .width(126),
        Column::new("actual", K::ChartActual, Format::Money("EUR"), data, |row: &Person| Value::Number(row.actual))
            .width(126),
        Column::new("attainment", K::ChartAttainment, Format::Percent, data, |row: &Person| {
            Value::Number(row.attainment)
        })
        .width(248)
        .on_card()
        .drawn(move |place| {
            person(place).map(|row| {
                view! { <span class="band-cell"><BandTag band=row.band() /> <Percent value=row.attainment /></span> }
            })
        }),
        Column::new("course", K::TableCourse, Format::Text, data, |_: &Person| Value::Missing).width(128).drawn(
            move |place| {
                person(place)
                    .map(|row| view! { <Sparkline label=K::ChartAttainment values=row.months full=fmt::percent /> })
            },
        ),
        Column::new("pay", K::ChartPay, Format::Money("EUR"), data, |row: &Person| {
            row.pay.map_or(Value::Pending, Value::Number)
        })
        .width(108)
        .on_card(),
    ];
    let detail = move || {
        let row = person(opened.get()?)?;
        Some(view! {
            <dl class="figures">
                <div><dt>{t(K::TableRegion)}</dt><dd>{row.region}</dd></div>
                <div><dt>{t(K::ChartGoal)}</dt><dd><Money value=row.goal currency="EUR" /></dd></div>
                <div><dt>{t(K::ChartActual)}</dt><dd><Money value=row.actual currency="EUR" /></dd></div>
                <div><dt>{t(K::ChartAttainment)}</dt><dd><Percent value=row.attainment /></dd></div>
            </dl>
            <BandTag band=row.band() />
        })
    };
    let title = move || opened.get().and_then(person).map(|row| row.name).unwrap_or_default();
    view! {
        <Part title=K::DesignTable>
            <DataTable
                label=K::DesignTablePeople
                columns
                count=Signal::derive(move || people.with(Vec::len))
                on_open=Callback::new(move |place| {
                    opened.set(Some(place));
                    open.set(true);
                })
                in_url="people"
            />
            <Drawer open title>{detail}</Drawer>
        </Part>
    }
}
