//! `traguardo import`: the same import as the API's, done here.

use std::path::PathBuf;

use chrono::NaiveDate;
use traguardo_contract::import::ImportQuery;
use traguardo_domain::actor::Actor;
use traguardo_intake::kind::Kind;

use super::{Failure, Outcome, block_on, open, say, warn};
use crate::import::order::{self, Order};
use crate::import::work;

/// Imports a file.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What the rows are: `units`, `participants`, `territories`, `assignments`, `absences`, `categories`, `products`,
    /// `sales`, `kpis`, `goals` or `results`.
    kind: Kind,
    /// The file: CSV, XLSX or NDJSON.
    file: PathBuf,
    /// A JSON file that says which column is what; without it the proposal from the header is used, if it is sure.
    #[arg(long)]
    mapping: Option<PathBuf>,
    /// The name of a mapping kept for the source.
    #[arg(long, conflicts_with = "mapping")]
    mapping_name: Option<String>,
    /// Where the file comes from; ids of lines are unique within a source.
    #[arg(long, default_value = "default")]
    source: String,
    /// Make what the file names and is not there.
    #[arg(long)]
    create_missing: bool,
    /// Check everything and keep nothing.
    #[arg(long)]
    dry_run: bool,
    /// Keep the good rows where others are wrong.
    #[arg(long)]
    partial: bool,
    /// Currency of lines that name none.
    #[arg(long, default_value = "EUR")]
    currency: String,
    /// From when changes of people's places hold; today where it is not given.
    #[arg(long)]
    as_of: Option<NaiveDate>,
    /// `utf-8` or `windows-1252`.
    #[arg(long)]
    encoding: Option<String>,
    /// What separates cells.
    #[arg(long)]
    delimiter: Option<String>,
    /// `.` or `,`.
    #[arg(long)]
    decimal: Option<String>,
    /// `dmy`, `mdy` or `ymd`.
    #[arg(long)]
    date_order: Option<String>,
    /// The sheet of a workbook.
    #[arg(long)]
    sheet: Option<String>,
    /// The row with the columns' names.
    #[arg(long)]
    header_row: Option<u32>,
    /// Print the whole report as JSON.
    #[arg(long)]
    json: bool,
}

impl Args {
    fn query(&self) -> Result<ImportQuery, Failure> {
        let read = |path: &PathBuf| {
            std::fs::read_to_string(path)
                .map_err(|e| Failure::Wrong(format!("`{}` cannot be read: {e}", path.display())))
        };
        Ok(ImportQuery {
            source: Some(self.source.clone()),
            file_name: self.file.file_name().map(|name| name.to_string_lossy().into_owned()),
            mapping: self.mapping.as_ref().map(read).transpose()?,
            mapping_name: self.mapping_name.clone(),
            create_missing: self.create_missing,
            dry_run: self.dry_run,
            partial: self.partial,
            currency: Some(self.currency.clone()),
            as_of: self.as_of,
            encoding: self.encoding.clone(),
            delimiter: self.delimiter.clone(),
            decimal: self.decimal.clone(),
            date_order: self.date_order.clone(),
            sheet: self.sheet.clone(),
            header_row: self.header_row,
        })
    }
}

/// Runs the command.
pub fn run(args: Args) -> Outcome {
    let query = args.query()?;
    let cannot = |e: std::io::Error| Failure::Wrong(format!("`{}` cannot be read: {e}", args.file.display()));
    let file = std::fs::File::open(&args.file).map_err(cannot)?;
    block_on(async {
        let state = open().await?;
        let order = Order::new(args.kind, &query, &Actor::system("command line"))?;
        let mapping = order::mapping(&state.db, &order, &query).await?;
        let checked = order::check(file.try_clone()?, order, mapping)?;
        for note in &checked.notes {
            warn(&note.to_string());
        }
        let done = work::here(&state.db, &checked, file).await;
        state.db.close().await;
        let report = done.map_err(|stop| Failure::Failed(stop.to_string()))?;
        if args.json {
            let json = serde_json::to_string_pretty(&report).map_err(|e| Failure::Failed(e.to_string()))?;
            say(&format!("{json}\n"))?;
        } else {
            say(&report.to_string())?;
        }
        let refused = report.state == "refused" && report.already.is_none();
        if refused { Err(Failure::Wrong("nothing was imported".to_owned())) } else { Ok(()) }
    })
}
