//! What one participant earned: tiles, components with their curve, the way from target to payment.

use super::derivation::{Derivation, Names};
use super::evaluate::{Evaluated, Located, decimal, shown};
use crate::chart::{self, Above, Bullet, Curve, CurvePoint, Shape, StepKind, Waterfall};
use crate::fmt::{self, Detail};
use crate::i18n::{K, lang, t, tr};
use crate::ui::{Badge, Band, BandTag, I, Icon, Money, Percent, Tone};
use leptos::prelude::*;
use rust_decimal::Decimal;
use std::sync::Arc;
use traguardo_domain::exact::Exact;
use traguardo_domain::plan::{self, Component, Payout, Pays, Text};
use traguardo_domain::result::{ComponentResult, ParticipantResult, State};
use traguardo_domain::trace::{Step, label};

/// The result of the participant at `place`.
#[component]
pub(super) fn Outcome(evaluated: Memo<Result<Arc<Evaluated>, Vec<Located>>>, place: usize) -> impl IntoView {
    move || {
        let found = evaluated.get().ok()?;
        let person = found.outcome.participants.get(place)?.clone();
        let currency = static_currency(&found.outcome.currency);
        let plan = &found.plan;
        let cards = plan
            .components
            .iter()
            .zip(&person.components)
            .map(|(component, result)| card(component, result, &person, currency))
            .collect_view();
        let steps = waterfall(&found, &person);
        let checks = checks(&person);
        let derivation = person.derivation.clone();
        let names: Names = plan
            .components
            .iter()
            .map(|component| (component.id.clone(), name_of(component.name.as_ref(), &component.id)))
            .chain(
                plan.modifiers
                    .iter()
                    .map(|modifier| (modifier.id.clone(), name_of(modifier.name.as_ref(), &modifier.id))),
            )
            .collect();
        let names = Arc::new(names);
        Some(view! {
            <Tiles person=person.clone() currency />
            {checks}
            <section class="part" aria-label=move || t(K::CalcComponents)>
                <div class="component-grid">{cards}</div>
            </section>
            <section class="card part">
                <Waterfall title=K::CalcWaterfall steps currency />
            </section>
            {derivation.map(|step| view! { <Derivation step names /> })}
        })
    }
}

/// The charts keep the currency for as long as they live; a plan has one of a handful.
fn static_currency(code: &str) -> &'static str {
    const KNOWN: [&str; 8] = ["EUR", "USD", "GBP", "CHF", "PLN", "SEK", "DKK", "CZK"];
    KNOWN.into_iter().find(|known| *known == code).unwrap_or("XXX")
}

fn name_of(name: Option<&Text>, id: &str) -> String {
    name.map_or_else(|| id.to_owned(), |name| name.in_language(lang().code()).to_owned())
}

#[component]
fn Tiles(person: ParticipantResult, currency: &'static str) -> impl IntoView {
    let tile = |words: K, figure: AnyView, strong: bool| {
        view! {
            <div class="tile" class:strong=strong>
                <dt>{tr(words)}</dt>
                <dd>{figure}</dd>
            </div>
        }
    };
    let money = |amount: Decimal| view! { <Money value=amount currency=currency /> }.into_any();
    let none = || view! { <span>{fmt::not_applicable}</span> }.into_any();
    let attainment = person.weighted_attainment.as_ref().map(decimal);
    view! {
        <dl class="tiles">
            {tile(K::CalcPayment, money(decimal(&person.payment)), true)}
            {tile(K::CalcEarned, money(decimal(&person.earned)), false)}
            {tile(K::CalcTarget, person.target.as_ref().map_or_else(none, |target| money(decimal(target))), false)}
            {tile(
                K::CalcWeighted,
                attainment.map_or_else(none, |value| view! { <Percent value /> }.into_any()),
                false,
            )}
        </dl>
    }
}

fn checks(person: &ParticipantResult) -> Option<impl IntoView + use<>> {
    if person.checks.is_empty() {
        return None;
    }
    let items = person
        .checks
        .iter()
        .cloned()
        .map(|check| {
            view! {
                <li>
                    <strong>{move || label(check.code, lang().code()).to_owned()}</strong>
                    " "
                    <code>{check.about}</code>
                    ": "
                    {check.message}
                </li>
            }
        })
        .collect_view();
    Some(view! {
        <div class="problem mild calc-findings">
            <Icon icon=I::Info />
            <div>
                <p class="problem-title">{tr(K::CalcChecks)}</p>
                <ul>{items}</ul>
            </div>
        </div>
    })
}

fn tone(state: State) -> Tone {
    match state {
        State::Ok => Tone::Neutral,
        State::Capped => Tone::Accent,
        _ => Tone::Caution,
    }
}

/// Where a curve begins to pay, and where it is past the goal for good.
fn limits(component: &Component) -> (Decimal, Decimal) {
    let usual = (Decimal::new(8, 1), Decimal::new(11, 1));
    let Payout::Curve(payout) = &component.payout else { return usual };
    let points: Vec<Decimal> = payout.curve.points.iter().map(|point| shown(&point.at)).collect();
    let first = points.first().copied().unwrap_or(usual.0);
    let beyond = points.iter().copied().find(|at| *at > Decimal::ONE).unwrap_or(usual.1);
    (first, beyond)
}

fn card(
    component: &Component,
    result: &ComponentResult,
    person: &ParticipantResult,
    currency: &'static str,
) -> AnyView {
    let name = name_of(component.name.as_ref(), &component.id);
    let figure = |words: K, value: Option<String>| {
        value.map(|value| view! { <div><dt>{tr(words)}</dt><dd class="figure">{value}</dd></div> })
    };
    let plain = |figure: &traguardo_domain::result::Figure| fmt::number(&decimal(figure), 4);
    let (threshold, accelerator) = limits(component);
    let reads_attainment = component.read == plan::Read::Attainment;
    let gauge = result.attainment.as_ref().map(decimal).map(|attainment| {
        let band = Band::of(&attainment, &threshold, &accelerator);
        let name = name.clone();
        view! {
            <div class="component-gauge">
                <BandTag band /> <Percent value=attainment />
            </div>
            <Bullet label=name attainment=Signal::stored(attainment) threshold accelerator />
        }
    });
    let state = result.state;
    let badge = (state != State::Ok)
        .then(|| view! { <Badge tone=tone(state)>{move || label(state.word(), lang().code()).to_owned()}</Badge> });
    let weight = component.weight.as_ref().map(|weight| fmt::percent(&shown(weight)));
    let lowered =
        (result.modified != result.payout).then(|| fmt::money(&decimal(&result.modified), currency, Detail::Full));
    view! {
        <article class="card component">
            <header class="component-head">
                <h2>{name}</h2>
                {badge}
            </header>
            <p class="component-pay">
                <Money value=decimal(&result.payout) currency=currency />
            </p>
            {gauge}
            <dl class="figures">
                {figure(K::CalcWeight, weight)} {figure(K::ChartActual, result.actual.as_ref().map(plain))}
                {figure(K::ChartGoal, result.goal.as_ref().map(plain))}
                {figure(K::CalcTarget, result.target.as_ref().map(|target| fmt::money(&decimal(target), currency, Detail::Full)))}
                {figure(K::CalcModified, lowered)}
            </dl>
            {curve(component, result, person, currency, reads_attainment)}
        </article>
    }
    .into_any()
}

/// The curve of a component with the participant's point on it.
fn curve(
    component: &Component,
    result: &ComponentResult,
    person: &ParticipantResult,
    currency: &'static str,
    reads_attainment: bool,
) -> Option<AnyView> {
    let Payout::Curve(payout) = &component.payout else { return None };
    let points: Vec<CurvePoint> =
        payout.curve.points.iter().map(|point| CurvePoint { at: shown(&point.at), pay: shown(&point.pay) }).collect();
    let shape = if payout.curve.between == plan::Between::Step { Shape::Steps } else { Shape::Line };
    let above = if payout.curve.above == plan::Above::Extend { Above::Extend } else { Above::Hold };
    let up = if payout.pays == Pays::Amount { chart::Unit::Money(currency) } else { chart::Unit::Percent };
    let across = if reads_attainment { chart::Unit::Percent } else { chart::Unit::Number };
    let read = if reads_attainment { result.attainment.as_ref() } else { result.actual.as_ref() };
    // What the curve gave stands in the derivation: the chart repeats it rather than work it out again.
    let given = person.component_derivation(&component.id).and_then(|step| find(step, "curve"));
    let pay = given.and_then(|step| Exact::parse(&step.value).ok()).map(|pay| shown(&pay));
    let here = read.zip(pay).map(|(read, pay)| CurvePoint { at: decimal(read), pay });
    Some(view! { <Curve title=K::CalcCurve points shape above here=Signal::stored(here) across up /> }.into_any())
}

fn find<'s>(step: &'s Step, key: &str) -> Option<&'s Step> {
    if step.key == key { Some(step) } else { step.from.iter().find_map(|part| find(part, key)) }
}

/// From the target over what each component gave to what is paid; the steps add up to the payment.
fn waterfall(found: &Evaluated, person: &ParticipantResult) -> Vec<chart::Step> {
    let language = lang().code();
    let total = |label: String, amount: Decimal| chart::Step { label, amount, kind: StepKind::Total };
    let change = |label: String, amount: Decimal| chart::Step { label, amount, kind: StepKind::Change };
    let target = person.target.as_ref().map(decimal).unwrap_or_default();
    let mut steps = vec![total(t(K::CalcTarget).to_owned(), target)];
    let mut sum = target;
    for (component, result) in found.plan.components.iter().zip(&person.components) {
        let share = result.target.as_ref().filter(|_| component.weight.is_some()).map(decimal).unwrap_or_default();
        let amount = decimal(&result.modified) - share;
        sum += amount;
        if !amount.is_zero() {
            steps.push(change(name_of(component.name.as_ref(), &component.id), amount));
        }
    }
    let earned = decimal(&person.earned);
    // Modifiers of the total, caps, floors, proration of the payout and rounding, taken together.
    if earned != sum {
        steps.push(change(t(K::CalcLimits).to_owned(), earned - sum));
    }
    steps.push(total(t(K::CalcEarned).to_owned(), earned));
    let mut has_steps = false;
    for step in &person.payment_steps {
        let amount = decimal(&step.amount);
        if !amount.is_zero() {
            has_steps = true;
            steps.push(change(label(step.step, language).to_owned(), amount));
        }
    }
    if has_steps {
        steps.push(total(t(K::CalcPayment).to_owned(), decimal(&person.payment)));
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::super::documents::Sample;
    use super::super::evaluate::{Overrides, base, evaluate};
    use super::*;

    #[test]
    fn the_waterfall_of_every_sample_adds_up() {
        for sample in Sample::ALL {
            let read = base(sample.plan(), sample.inputs()).map_err(|findings| format!("{findings:?}")).unwrap();
            let found = evaluate(&read, &Overrides::new()).unwrap();
            for person in &found.outcome.participants {
                let mut sum = Decimal::ZERO;
                for step in waterfall(&found, person) {
                    match step.kind {
                        StepKind::Change => sum += step.amount,
                        StepKind::Total if sum.is_zero() => sum = step.amount,
                        StepKind::Total => {
                            assert_eq!(sum, step.amount, "{} of {}: {}", step.label, person.id, sample.code())
                        }
                    }
                }
                assert_eq!(sum, decimal(&person.payment), "{} of {}", person.id, sample.code());
            }
        }
    }
}
