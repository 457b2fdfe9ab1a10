//! What the keys of a derivation and the states are called, in English and Italian.
//!
//! The same words stand on the page, in the PDF, in the workbook and on the command line.

/// Key, English, Italian.
const LABELS: &[(&str, &str, &str)] = &[
    ("above_goal", "above the goal", "oltre l'obiettivo"),
    ("absence_days", "days of absence", "giorni di assenza"),
    ("actual", "actual", "risultato"),
    ("attainment", "attainment", "raggiungimento"),
    ("award", "award", "riconoscimento"),
    ("base_rate", "base rate", "aliquota base"),
    ("bonus_step", "bonus step reached", "scaglione di premio raggiunto"),
    ("cap", "cap of the component", "tetto della componente"),
    ("change", "change", "variazione"),
    ("clamped", "within its bounds", "entro i suoi limiti"),
    ("component", "component", "componente"),
    ("component_target", "target of the component", "premio obiettivo della componente"),
    ("curve", "payout curve", "curva di premio"),
    ("days_after_leave", "days after leaving", "giorni dopo l'uscita"),
    ("days_before_hire", "days before hire", "giorni prima dell'assunzione"),
    ("days_to_next_month", "days to the next month", "giorni fino al mese successivo"),
    ("earned", "earned", "maturato"),
    ("eligible_days", "eligible days", "giorni validi"),
    ("factor", "factor", "fattore"),
    ("floor", "floor of the component", "minimo della componente"),
    ("gate_effect", "after the condition", "dopo la condizione"),
    ("gate_failed", "condition not met", "condizione non rispettata"),
    ("gate_passed", "condition met", "condizione rispettata"),
    ("goal", "goal", "obiettivo"),
    ("goal_part", "goal of a territory", "obiettivo di un territorio"),
    ("grid_cell", "cell of the grid", "casella della griglia"),
    ("growth", "growth", "crescita"),
    ("hire_day", "day of hire", "giorno di assunzione"),
    ("line", "line", "riga"),
    ("member_earned", "earned by the member", "maturato dal collaboratore"),
    ("modified", "after the modifiers", "dopo i moltiplicatori"),
    ("modifier", "modifier", "moltiplicatore"),
    ("new_hire_guarantee", "guarantee for a new hire", "garanzia per neoassunti"),
    ("objective", "objective", "obiettivo a punteggio"),
    ("override", "share of the team's earnings", "quota sul maturato della squadra"),
    ("paid", "worked out", "calcolato"),
    ("payment", "payment", "liquidazione"),
    ("payment_step", "payment step", "passo di liquidazione"),
    ("place", "place", "posizione"),
    ("plan_cap", "cap of the plan", "tetto del piano"),
    ("plan_floor", "floor of the plan", "minimo del piano"),
    ("pool", "pool", "monte premi"),
    ("pool_funding", "funding of the pool", "finanziamento del monte premi"),
    ("pool_rate", "pool before funding", "monte premi prima del finanziamento"),
    ("pool_share", "share of the pool", "quota del monte premi"),
    ("prorated_payout", "prorated payout", "premio riproporzionato"),
    ("proration_factor", "proration factor", "fattore di proporzione"),
    ("rounded", "rounded", "arrotondato"),
    ("score", "weighted score", "punteggio pesato"),
    ("score_missing", "score missing", "punteggio mancante"),
    ("share", "share", "quota"),
    ("step_reached", "step reached", "scaglione raggiunto"),
    ("sum", "sum of the components", "somma delle componenti"),
    ("target", "target incentive", "premio obiettivo"),
    ("team_earned", "earned by the team", "maturato dalla squadra"),
    ("tier", "tier", "fascia"),
    ("times_actual", "rate × actual", "aliquota × risultato"),
    ("times_factor", "× factors", "× fattori"),
    ("times_target", "share × target", "quota × premio obiettivo"),
    ("up_to_goal", "up to the goal", "fino all'obiettivo"),
    ("value_read", "value", "valore"),
    ("waiting_days", "waiting days", "giorni di attesa"),
    // payment steps
    ("adjustments", "adjustment", "rettifica"),
    ("true_up", "already earned", "già maturato"),
    ("negative", "negative result forgiven", "risultato negativo azzerato"),
    ("holdback", "held back", "trattenuto"),
    ("release", "released", "svincolato"),
    ("draw_advance", "advance", "anticipo"),
    ("draw_recovery", "advance recovered", "recupero anticipo"),
    ("draw_paid_in_advance", "paid in advance", "già anticipato"),
    ("guarantee", "guaranteed minimum", "minimo garantito"),
    ("carried", "carried over", "riporto"),
    ("carried_forward", "carried forward", "riportato a nuovo"),
    ("payment_cap", "cap of the payment", "tetto di liquidazione"),
    // states
    ("not_eligible", "not eligible", "non ammesso"),
    ("no_data", "no data", "nessun dato"),
    ("no_goal", "no goal", "nessun obiettivo"),
    ("goal_zero", "goal is zero", "obiettivo zero"),
    ("gated", "condition not met", "condizione non rispettata"),
    ("below_threshold", "below threshold", "sotto soglia"),
    ("capped", "capped", "limitato dal tetto"),
    ("ok", "ok", "ok"),
    // words of the text form
    ("plan", "plan", "piano"),
    ("participants", "participants", "partecipanti"),
    ("balances", "left for the next period", "rimane per il prossimo periodo"),
    ("draw", "advances owed", "anticipi da recuperare"),
    ("earned_to_date", "earned to date", "maturato da inizio anno"),
    ("total_earned", "total earned", "totale maturato"),
    ("total_payment", "total payment", "totale liquidazione"),
    ("to_check", "to check", "da verificare"),
    // checks
    ("modifier_without_value", "no value for the modifier", "nessun valore per il moltiplicatore"),
    ("adjustment_not_approved", "adjustment not approved", "rettifica non approvata"),
];

/// The label of `key` in `language` (`it`, else English); the key itself where it has none.
pub fn label<'k>(key: &'k str, language: &str) -> &'k str {
    LABELS.iter().find(|(known, _, _)| *known == key).map_or(key, |(_, en, it)| if language == "it" { it } else { en })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every key that the engine writes has a label.
    #[test]
    fn every_key_has_a_label() {
        let engine = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/engine");
        let mut seen = 0;
        for file in std::fs::read_dir(engine).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            for part in text.split("Step::new(").skip(1).chain(text.split("ledger.change").skip(1)) {
                let call = part.split(['\n', ',']).next().unwrap();
                for key in call
                    .split('"')
                    .skip(1)
                    .step_by(2)
                    .filter(|k| k.len() > 1 && k.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
                {
                    seen += 1;
                    assert!(LABELS.iter().any(|(known, _, _)| *known == key), "the key `{key}` has no label");
                }
            }
        }
        assert!(seen > 50, "only {seen} keys were seen: has the engine moved?");
    }

    #[test]
    fn labels_stand_once() {
        for (i, (key, en, it)) in LABELS.iter().enumerate() {
            assert!(LABELS.iter().skip(i + 1).all(|(other, _, _)| other != key), "`{key}` stands twice");
            assert!(!en.is_empty() && !it.is_empty());
        }
    }
}
