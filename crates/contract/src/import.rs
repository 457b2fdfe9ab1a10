//! Imports: files of any kind come in, are checked, and are published once.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use traguardo_domain::access::Operation;
use uuid::Uuid;

use crate::endpoint::{Json, Nothing, Permission, RowsFile, SalesFile};
use crate::job::JobDto;
use crate::page::Page;

/// How a file is to be imported. The file itself is the body.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(deny_unknown_fields, default)]
pub struct ImportQuery {
    /// Where the file comes from; ids of lines are unique within a source. `default` where it is not given.
    #[cfg_attr(feature = "openapi", param(required = false, nullable = false, max_length = 60))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The file's name; its extension must agree with its content.
    #[cfg_attr(feature = "openapi", param(required = false, nullable = false, max_length = 200))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    /// The mapping as JSON. Without it and `mapping_name` the one proposed from the header is used, if it is sure.
    #[cfg_attr(feature = "openapi", param(required = false, nullable = false))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mapping: Option<String>,
    /// The name of a mapping kept for the source.
    #[cfg_attr(feature = "openapi", param(required = false, nullable = false))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mapping_name: Option<String>,
    /// Make the products, categories, people and territories that the file names and that are not there.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(feature = "openapi", param(required = false))]
    pub create_missing: bool,
    /// Check everything and keep nothing.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(feature = "openapi", param(required = false))]
    pub dry_run: bool,
    /// Keep the good rows where others are wrong. Otherwise it is all or nothing.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(feature = "openapi", param(required = false))]
    pub partial: bool,
    /// Currency of lines that name none; `EUR` where it is not given.
    #[cfg_attr(feature = "openapi", param(required = false, nullable = false, min_length = 3, max_length = 3))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// From when changes of people's places hold; today where it is not given.
    #[cfg_attr(feature = "openapi", param(required = false, nullable = false))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<NaiveDate>,
    /// `utf-8` or `windows-1252`; sniffed where it is not given.
    #[cfg_attr(feature = "openapi", param(required = false, nullable = false))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// What separates cells; sniffed where it is not given.
    #[cfg_attr(feature = "openapi", param(required = false, nullable = false))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<String>,
    /// `.` or `,`; sniffed where it is not given.
    #[cfg_attr(feature = "openapi", param(required = false, nullable = false))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal: Option<String>,
    /// `dmy`, `mdy` or `ymd`; sniffed where it is not given.
    #[cfg_attr(feature = "openapi", param(required = false, nullable = false))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_order: Option<String>,
    /// The sheet of a workbook; the first one with rows where it is not given.
    #[cfg_attr(feature = "openapi", param(required = false, nullable = false))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The row with the columns' names; sniffed where it is not given.
    #[cfg_attr(feature = "openapi", param(required = false, nullable = false, minimum = 1))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header_row: Option<u32>,
}

/// How a file would be read, before anything is done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportPreviewDto {
    /// SHA-256 of the file.
    pub sha256: String,
    /// Its length.
    pub bytes: u64,
    /// The reading: format, encoding, delimiter, marks, header, a sample, and notes on what was ambiguous.
    pub reading: serde_json::Value,
    /// The mapping proposed from the header.
    pub mapping: serde_json::Value,
    /// How sure each column of the proposal is, in percent.
    pub confidence: std::collections::BTreeMap<String, u8>,
    /// What the kind needs and the header does not offer.
    pub missing: Vec<String>,
    /// Columns of the file that are not read.
    pub unused: Vec<String>,
}

/// An import.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportDto {
    /// Identifies it.
    pub id: Uuid,
    /// Kind of import.
    pub kind: String,
    /// Where the file came from.
    pub source: String,
    /// The file's name.
    pub file_name: String,
    /// SHA-256 of the file.
    pub file_sha256: String,
    /// Its length.
    pub file_bytes: i64,
    /// `staging`, `published`, `refused`, `cancelled` or `dry_run`.
    pub state: String,
    /// Rows of the file: accepted, rejected and duplicates together.
    pub rows_in: i64,
    /// Of these: kept.
    pub accepted: i64,
    /// Of these: wrong.
    pub rejected: i64,
    /// Of these: there already.
    pub duplicates: i64,
    /// Control totals: exact sums by verdict, currency, participant, category, product and year.
    pub totals: Option<serde_json::Value>,
    /// Earliest day of its lines.
    pub first_day: Option<NaiveDate>,
    /// Latest day of its lines.
    pub last_day: Option<NaiveDate>,
    /// The mapping used.
    pub mapping: serde_json::Value,
    /// Who asked for it.
    pub created_by: Option<String>,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
}

/// An import that has begun, and the work that does it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportStartedDto {
    /// The import.
    pub import: ImportDto,
    /// The work: follow it.
    pub job: JobDto,
}

/// Something an import found in its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportFindingDto {
    /// Its place in the report.
    pub no: i64,
    /// Row of the file as a spreadsheet counts, where it is of a row.
    pub row: Option<i64>,
    /// Column of the file, where it is of a cell.
    pub column: Option<String>,
    /// `error` or `warning`.
    pub severity: String,
    /// Stable code.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

/// A mapping kept for a source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportMappingDto {
    /// Kind of import.
    pub kind: String,
    /// The source.
    pub source: String,
    /// Unique per kind and source.
    pub name: String,
    /// The mapping.
    pub mapping: serde_json::Value,
    /// Last change.
    pub updated_at: DateTime<Utc>,
}

/// A mapping to keep, in place of the one of the same name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ImportMappingBody {
    /// Kind of import.
    #[cfg_attr(feature = "openapi", schema(example = "sales"))]
    pub kind: String,
    /// The source.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 60, example = "wholesaler"))]
    pub source: String,
    /// Unique per kind and source.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 60, example = "monthly"))]
    pub name: String,
    /// The mapping.
    pub mapping: serde_json::Value,
}

/// Which mappings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct ImportMappingQuery {
    /// Kind of import.
    pub kind: String,
    /// The source.
    pub source: String,
}

list_query! {
    /// Filters of the list of imports.
    ImportListQuery {
        /// Only this kind.
        kind: String,
        /// Only this state.
        state: String,
        /// Only this source.
        source: String,
    }
}

list_query! {
    /// Filters of the list of findings.
    ImportFindingQuery {
        /// Only `error` or `warning`.
        severity: String,
        /// Only this code.
        code: String,
    }
}

const IMPORT: Permission = Permission::Needs(Operation::SalesImport);

endpoints! { "import";
    /// Import a file.
    ///
    /// The body is the file: CSV, NDJSON or XLSX. It is looked at before it is answered: a file that cannot be read, or a
    /// mapping that does not fit it, is refused at once. The rows are then checked and published as a job. The same file
    /// a second time imports nothing and says so.
    CreateImport: Post "/imports/{kind}" "create_import", IMPORT, [keyed],
        query ImportQuery, body SalesFile, answer 202 Json<ImportStartedDto>,
        problems [NotFound ValidationFailed TooLarge UnsupportedMediaType Timeout];
    /// Show how a file would be read, and propose a mapping.
    ///
    /// Nothing is kept.
    PreviewImport: Post "/imports/{kind}/preview" "preview_import", IMPORT, [],
        query ImportQuery, body SalesFile, answer 200 Json<ImportPreviewDto>,
        problems [NotFound ValidationFailed TooLarge UnsupportedMediaType Timeout];
    /// Imports, latest first.
    ListImports: Get "/imports" "list_imports", IMPORT, [],
        query ImportListQuery, body Nothing, answer 200 Json<Page<ImportDto>>, problems [];
    /// One import.
    GetImport: Get "/imports/{kind}/{id}" "get_import", IMPORT, [],
        query Nothing, body Nothing, answer 200 Json<ImportDto>, problems [];
    /// What an import found: the first thousand findings, in the order of the rows.
    ListImportFindings: Get "/imports/{kind}/{id}/findings" "list_import_findings", IMPORT, [],
        query ImportFindingQuery, body Nothing, answer 200 Json<Page<ImportFindingDto>>, problems [];
    /// The rejected rows as a file, with the reasons: mended, it can be imported as it is.
    GetImportRejects: Get "/imports/{kind}/{id}/rejects" "get_import_rejects", IMPORT, [],
        query Nothing, body Nothing, answer 200 RowsFile, problems [];
    /// The mappings kept for a source, the last changed first.
    ListImportMappings: Get "/import-mappings" "list_import_mappings", IMPORT, [],
        query ImportMappingQuery, body Nothing, answer 200 Json<Page<ImportMappingDto>>, problems [];
    /// Keep a mapping for a source.
    PutImportMapping: Post "/import-mappings" "put_import_mapping", IMPORT, [keyed],
        query Nothing, body Json<ImportMappingBody>, answer 200 Json<ImportMappingDto>, problems [ValidationFailed];
}
