//! The typed rows of each kind, and with them the kinds' tables of columns: one declaration gives both.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::kind::{Column, Kind, MONEY, Need, POSITIVE, QUANTITY, SHARE, Type};
use crate::value::{Take, Values};

macro_rules! records {
    ($($(#[$doc:meta])* $kind:ident => $record:ident { $($(#[$field_doc:meta])* $field:ident: $ty:ty = $column:expr,)* })*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
            #[serde(deny_unknown_fields)]
            pub struct $record { $($(#[$field_doc])* pub $field: $ty,)* }

            impl $record {
                const COLUMNS: &'static [Column] = &[$($column),*];

                /// From values in the order of the columns; `None` where a required one is missing.
                fn take(values: &mut Values) -> Option<Self> {
                    Some(Self { $($field: Take::take(values.next()?)?,)* })
                }
            }
        )*

        /// One accepted row.
        #[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[allow(clippy::large_enum_variant, reason = "a sale is the largest and the most frequent: a box for each row costs more")]
        pub enum Record { $($(#[$doc])* $record($record),)* }

        impl Record {
            pub(crate) fn take(kind: Kind, values: &mut Values) -> Option<Self> {
                match kind { $(Kind::$kind => $record::take(values).map(Self::$record),)* }
            }

            /// The kind that it is a row of.
            pub const fn kind(&self) -> Kind {
                match self { $(Self::$record(_) => Kind::$kind,)* }
            }
        }

        impl Kind {
            /// The kind's columns, in the order of our own files.
            pub const fn columns(self) -> &'static [Column] {
                match self { $(Self::$kind => $record::COLUMNS,)* }
            }
        }
    };
}

const LEVELS: Type = Type::Choice(&[
    ("national", &["nation", "nazionale", "nazione", "country", "italia"]),
    ("area", &["region", "regione", "zona", "zone"]),
    ("district", &["distretto", "provincia"]),
    ("territory", &["territorio"]),
    ("brick", &["microbrick", "mattone"]),
]);
const ROLES: Type = Type::Choice(&[
    ("direct", &["diretto", "diretta", "owner", "titolare"]),
    ("overlay", &["sovrapposto", "supporto", "specialist"]),
]);

records! {
    /// A person.
    Participants => Participant {
        /// Stable key, never reused.
        code: String = Column::new("code", Type::Code).required().key().aliases(&["participant_code", "participant code", "employee id", "employee code", "matricola", "codice", "codice dipendente", "id", "rep code", "codice agente"]),
        /// Name as shown.
        name: String = Column::new("name", Type::Text).required().aliases(&["full name", "nome", "nominativo", "cognome e nome", "nome e cognome", "rep name", "employee name", "agente"]),
        /// Address for sign-in and messages.
        email: Option<String> = Column::new("email", Type::Email).aliases(&["e-mail", "mail", "email address", "posta elettronica", "indirizzo email"]),
        /// Position (for example `account_manager`).
        position: String = Column::new("position", Type::Text).required().aliases(&["role", "job title", "posizione", "ruolo", "qualifica", "mansione"]),
        /// Level within the position.
        level: Option<String> = Column::new("level", Type::Text).aliases(&["grade", "livello", "inquadramento"]),
        /// Code of the manager.
        manager_code: Option<String> = Column::new("manager_code", Type::Code).refers(Kind::Participants).aliases(&["manager", "manager id", "responsabile", "codice responsabile", "capo area", "superior"]),
        /// Code of the unit.
        unit_code: String = Column::new("unit_code", Type::Code).required().refers(Kind::Units).aliases(&["unit", "team", "sales team", "business unit", "unita", "codice unita", "divisione", "linea"]),
        /// First day.
        hire_date: NaiveDate = Column::new("hire_date", Type::Date).required().aliases(&["start date", "hired", "data assunzione", "data di assunzione", "assunzione", "data inizio"]),
        /// Last day.
        leave_date: Option<NaiveDate> = Column::new("leave_date", Type::Date).aliases(&["end date", "termination date", "data cessazione", "data uscita", "cessazione", "data fine"]),
        /// Full-time equivalent, 0 to 1.
        fte: Option<Decimal> = Column::new("fte", SHARE).aliases(&["full time equivalent", "part time", "percentuale part time", "tempo"]),
        /// Target incentive for a measurement period.
        target_incentive: Option<Decimal> = Column::new("target_incentive", POSITIVE).aliases(&["target bonus", "target pay", "premio target", "incentivo target", "premio obiettivo"]),
        /// Currency of the target incentive.
        currency: Option<String> = Column::new("currency", Type::Currency).aliases(&["valuta", "divisa", "ccy"]),
        /// Cost centre for payroll.
        cost_center: Option<String> = Column::new("cost_center", Type::Code).aliases(&["cost centre", "centro di costo", "centro costo", "cdc"]),
    }

    /// A unit of the organisation.
    Units => Unit {
        /// Stable key.
        code: String = Column::new("code", Type::Code).required().key().aliases(&["unit code", "codice", "codice unita", "id"]),
        /// Name as shown.
        name: String = Column::new("name", Type::Text).required().aliases(&["unit", "unit name", "nome", "denominazione", "unita", "descrizione"]),
        /// Code of the unit above.
        parent_code: Option<String> = Column::new("parent_code", Type::Code).refers(Kind::Units).aliases(&["parent", "parent unit", "padre", "unita superiore", "codice padre"]),
        /// What sort of unit (business unit, team…).
        kind: Option<String> = Column::new("kind", Type::Text).aliases(&["type", "tipo", "tipologia"]),
    }

    /// A territory.
    Territories => Territory {
        /// Stable key.
        code: String = Column::new("code", Type::Code).required().key().aliases(&["territory code", "territory id", "codice", "codice territorio", "id"]),
        /// Name as shown.
        name: String = Column::new("name", Type::Text).required().aliases(&["territory", "territory name", "nome", "territorio", "descrizione"]),
        /// Code of the territory above.
        parent_code: Option<String> = Column::new("parent_code", Type::Code).refers(Kind::Territories).aliases(&["parent", "padre", "codice padre", "territorio superiore"]),
        /// Level in the hierarchy.
        level: String = Column::new("level", LEVELS).required().aliases(&["livello", "type", "tipo"]),
        /// Market potential.
        potential: Option<Decimal> = Column::new("potential", POSITIVE).aliases(&["potenziale", "market potential"]),
        /// First day.
        valid_from: Option<NaiveDate> = Column::new("valid_from", Type::Date).aliases(&["from", "dal", "valido dal", "data inizio", "start date"]),
        /// Last day.
        valid_to: Option<NaiveDate> = Column::new("valid_to", Type::Date).aliases(&["to", "al", "valido al", "data fine", "end date"]),
    }

    /// Somebody holds a territory.
    Assignments => Assignment {
        /// Who.
        participant_code: String = Column::new("participant_code", Type::Code).required().key().refers(Kind::Participants).aliases(&["participant", "rep", "rep code", "agente", "codice agente", "matricola", "codice partecipante"]),
        /// Which.
        territory_code: String = Column::new("territory_code", Type::Code).required().key().refers(Kind::Territories).aliases(&["territory", "territorio", "codice territorio"]),
        /// Share of the territory, 0 to 1.
        share: Option<Decimal> = Column::new("share", SHARE).aliases(&["quota", "percentage", "percentuale", "split"]),
        /// First day.
        valid_from: NaiveDate = Column::new("valid_from", Type::Date).required().key().aliases(&["from", "dal", "valido dal", "data inizio", "start date"]),
        /// Last day.
        valid_to: Option<NaiveDate> = Column::new("valid_to", Type::Date).aliases(&["to", "al", "valido al", "data fine", "end date"]),
        /// Whether the holder owns it or is credited beside the owner.
        role: Option<String> = Column::new("role", ROLES).key().aliases(&["ruolo", "type", "tipo"]),
    }

    /// Somebody is away.
    Absences => Absence {
        /// Who.
        participant_code: String = Column::new("participant_code", Type::Code).required().key().refers(Kind::Participants).aliases(&["participant", "rep", "employee id", "matricola", "agente", "codice partecipante"]),
        /// First day.
        from: NaiveDate = Column::new("from", Type::Date).required().key().aliases(&["start", "start date", "dal", "data inizio", "inizio"]),
        /// Last day.
        to: NaiveDate = Column::new("to", Type::Date).required().aliases(&["end", "end date", "al", "data fine", "fine"]),
        /// Why (leave, sickness…).
        kind: String = Column::new("kind", Type::Code).required().key().aliases(&["type", "reason", "tipo", "causale", "motivo"]),
    }

    /// A product.
    Products => Product {
        /// Stable key.
        code: String = Column::new("code", Type::Code).required().key().aliases(&["product code", "sku", "aic", "codice", "codice prodotto", "minsan", "id"]),
        /// Name as shown.
        name: String = Column::new("name", Type::Text).required().aliases(&["product", "product name", "nome", "prodotto", "descrizione", "nome prodotto"]),
        /// Code of the category.
        category_code: String = Column::new("category_code", Type::Code).required().refers(Kind::Categories).aliases(&["category", "product class", "class", "categoria", "codice categoria", "classe", "linea"]),
        /// List price.
        list_price: Option<Decimal> = Column::new("list_price", POSITIVE).aliases(&["price", "prezzo", "prezzo di listino", "listino"]),
        /// Margin for each unit.
        unit_margin: Option<Decimal> = Column::new("unit_margin", MONEY).aliases(&["margin", "margine", "margine unitario"]),
        /// First day.
        valid_from: Option<NaiveDate> = Column::new("valid_from", Type::Date).aliases(&["from", "dal", "valido dal", "data inizio"]),
        /// Last day.
        valid_to: Option<NaiveDate> = Column::new("valid_to", Type::Date).aliases(&["to", "al", "valido al", "data fine"]),
    }

    /// A product category.
    Categories => Category {
        /// Stable key.
        code: String = Column::new("code", Type::Code).required().key().aliases(&["category code", "codice", "codice categoria", "id"]),
        /// Name as shown.
        name: String = Column::new("name", Type::Text).required().aliases(&["category", "category name", "nome", "categoria", "descrizione", "classe"]),
        /// Code of the category above.
        parent_code: Option<String> = Column::new("parent_code", Type::Code).refers(Kind::Categories).aliases(&["parent", "padre", "codice padre"]),
        /// Code of the unit that sells it.
        unit_code: Option<String> = Column::new("unit_code", Type::Code).refers(Kind::Units).aliases(&["unit", "business unit", "unita", "linea", "codice unita"]),
    }

    /// A sales line; a return is negative.
    Sales => Sale {
        /// Day of the sale; the first of the month where the file has only year and month.
        date: NaiveDate = Column::new("date", Type::Date).required().aliases(&["sales date", "invoice date", "transaction date", "data", "data vendita", "data fattura", "data documento", "giorno"]),
        /// Code or name of the product.
        product: String = Column::new("product", Type::Text).required().refers(Kind::Products).aliases(&["product name", "product code", "prodotto", "nome prodotto", "codice prodotto", "articolo", "sku", "aic", "item"]),
        /// Amount in the line's currency.
        amount: Decimal = Column::new("amount", MONEY).required().aliases(&["sales", "net sales", "sales amount", "revenue", "value", "importo", "fatturato", "valore", "vendite", "venduto", "importo netto", "totale"]),
        /// Quantity in units.
        quantity: Option<Decimal> = Column::new("quantity", QUANTITY).aliases(&["qty", "units", "quantita", "pezzi", "unita", "confezioni"]),
        /// Margin of the line.
        margin: Option<Decimal> = Column::new("margin", MONEY).aliases(&["gross margin", "margine", "margine lordo"]),
        /// Code or name of the territory.
        territory: Option<String> = Column::new("territory", Type::Text).need(Need::OneOf("who")).refers(Kind::Territories).aliases(&["territory code", "brick", "territorio", "codice territorio", "zona", "microbrick", "provincia"]),
        /// Code or name of the person credited.
        participant: Option<String> = Column::new("participant", Type::Text).need(Need::OneOf("who")).refers(Kind::Participants).aliases(&["name of sales rep", "sales rep", "rep", "rep name", "representative", "salesperson", "participant code", "agente", "codice agente", "nome agente", "informatore", "isf", "venditore", "partecipante", "matricola"]),
        /// Customer.
        customer: Option<String> = Column::new("customer", Type::Text).aliases(&["customer name", "account", "client", "cliente", "ragione sociale", "farmacia", "nome cliente"]),
        /// Sales channel.
        channel: Option<String> = Column::new("channel", Type::Text).aliases(&["canale", "sales channel"]),
        /// Key of the line in the system that it comes from.
        external_id: Option<String> = Column::new("external_id", Type::Text).key().aliases(&["external id", "line id", "transaction id", "invoice line", "id riga", "numero riga", "id", "id transazione", "id esterno"]),
        /// Currency of the amount.
        currency: Option<String> = Column::new("currency", Type::Currency).aliases(&["valuta", "divisa", "ccy"]),
        /// The product's category, to create what is missing.
        category: Option<String> = Column::new("category", Type::Text).need(Need::Creates).refers(Kind::Categories).aliases(&["product class", "product category", "class", "categoria", "classe", "categoria prodotto", "classe prodotto", "linea prodotto"]),
        /// The participant's manager, to create what is missing.
        manager: Option<String> = Column::new("manager", Type::Text).need(Need::Creates).refers(Kind::Participants).aliases(&["manager name", "responsabile", "capo area", "area manager", "superiore"]),
        /// The participant's unit, to create what is missing.
        unit: Option<String> = Column::new("unit", Type::Text).need(Need::Creates).refers(Kind::Units).aliases(&["sales team", "team", "business unit", "squadra", "divisione", "linea"]),
    }

    /// A measured indicator of a person in a period.
    Kpis => KpiValue {
        /// Who.
        participant_code: String = Column::new("participant_code", Type::Code).required().key().refers(Kind::Participants).aliases(&["participant", "rep", "agente", "codice agente", "matricola", "codice partecipante"]),
        /// Code of the indicator.
        kpi: String = Column::new("kpi", Type::Code).required().key().aliases(&["indicator", "indicatore", "measure", "misura", "codice kpi"]),
        /// Period measured.
        period: String = Column::new("period", Type::Period).required().key().aliases(&["periodo", "month", "mese", "quarter", "trimestre"]),
        /// Value.
        value: Decimal = Column::new("value", QUANTITY).required().aliases(&["valore", "result", "risultato", "score", "punteggio"]),
    }

    /// A goal.
    Goals => Goal {
        /// Period of the goal.
        period: String = Column::new("period", Type::Period).required().key().aliases(&["periodo", "quarter", "trimestre", "mese", "month", "year", "anno"]),
        /// Category that it is set on.
        category_code: String = Column::new("category_code", Type::Code).required().key().refers(Kind::Categories).aliases(&["category", "product class", "class", "categoria", "codice categoria", "classe", "linea"]),
        /// Territory that it is set for.
        territory_code: Option<String> = Column::new("territory_code", Type::Code).need(Need::OneOf("who")).key().refers(Kind::Territories).aliases(&["territory", "territorio", "codice territorio", "zona"]),
        /// Person that it is set for.
        participant_code: Option<String> = Column::new("participant_code", Type::Code).need(Need::OneOf("who")).key().refers(Kind::Participants).aliases(&["participant", "rep", "name of sales rep", "agente", "codice agente", "matricola", "codice partecipante"]),
        /// What is to be reached.
        value: Decimal = Column::new("value", POSITIVE).required().aliases(&["goal", "target", "quota", "valore", "obiettivo", "budget"]),
        /// What is measured (`sales.amount` where absent).
        measure: Option<String> = Column::new("measure", Type::Code).key().aliases(&["misura", "metric", "metrica"]),
    }

    /// A figure of the system that is being replaced.
    Results => OldResult {
        /// Period of the result.
        period: String = Column::new("period", Type::Period).required().key().aliases(&["periodo", "quarter", "trimestre", "mese", "month"]),
        /// Who.
        participant_code: String = Column::new("participant_code", Type::Code).required().key().refers(Kind::Participants).aliases(&["participant", "rep", "agente", "codice agente", "matricola", "codice partecipante"]),
        /// Component of the plan, or the total where absent.
        component: Option<String> = Column::new("component", Type::Code).key().aliases(&["componente", "voce"]),
        /// What was paid.
        value: Decimal = Column::new("value", MONEY).required().aliases(&["payout", "valore", "premio", "incentivo", "importo", "amount", "bonus"]),
    }
}

impl Record {
    /// The sale, where it is one.
    pub const fn sale(&self) -> Option<&Sale> {
        match self {
            Self::Sale(sale) => Some(sale),
            _ => None,
        }
    }
}
