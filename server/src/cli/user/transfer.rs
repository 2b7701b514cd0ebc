//! `ostiary user import` and `ostiary user export` (A12).

use std::{
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, ValueEnum};
use ostiary::{
    account::{
        self, Entry, ExportUsers, Format, IdSource, ImportUsers, Imported, Outcome, ReadError, Reader, Rehearsal, Sheet,
    },
    core::Core,
};
use serde_json::json;

use super::super::{Failure, Global, output};

/// Exit code of an import that refused something.
const REFUSED: u8 = 2;
/// So many users are taken up in one transaction, and are in memory at a time.
const BATCH: usize = 250;
/// So many users are read from the database at a time.
const PAGE: u32 = 500;

/// What to import, and how.
#[derive(Debug, Args)]
pub(in crate::cli) struct Import {
    /// The file, or - for standard input
    #[arg(value_name = "FILE|-")]
    file: PathBuf,
    /// What wrote it
    #[arg(long, value_parser = ["lines", "csv", "aspnet", "keycloak", "auth0"], default_value = "lines")]
    format: String,
    /// Name the ids in the file belong to, if it is not that of the format
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// Only say what would be done
    #[arg(long)]
    dry_run: bool,
    /// Bring accounts up to date that are there already
    #[arg(long)]
    update: bool,
    /// Write what became of each user into this file, as JSON lines
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Print the sum as JSON; refused users are in the report alone
    #[arg(long)]
    json: bool,
}

/// Takes up a file of users. What was refused is printed line by line, then the sum of it all.
pub(in crate::cli) fn import(global: &Global, args: &Import) -> Result<ExitCode, Failure> {
    let sum = global.with_core(async |core| {
        let rehearsal = if args.dry_run { Some(Rehearsal::begin().await.map_err(Failure::new)?) } else { None };
        let mut reader = open(args, core)?;
        let mut report = Report::open(args)?;
        loop {
            let (entries, trouble) = batch(&mut reader);
            let is_over = entries.is_empty();
            let cmd = ImportUsers { entries, update: args.update };
            let ctx = core.operator();
            let done = match &rehearsal {
                _ if is_over => Ok(Vec::new()),
                Some(rehearsal) => rehearsal.import_users(&ctx, cmd).await,
                None => account::import_users(&ctx, cmd).await,
            };
            report.add(&done.map_err(Failure::new)?)?;
            if trouble.is_some() || is_over {
                report.finish(args)?;
                return trouble
                    .map_or(Ok(report.sum), |cause| Err(Failure::new(format!("{cause}; all before it was read"))));
            }
        }
    })?;
    Ok(if sum.refused > 0 { ExitCode::from(REFUSED) } else { ExitCode::SUCCESS })
}

fn open(args: &Import, core: &Core) -> Result<Reader<Box<dyn BufRead>>, Failure> {
    let format: Format = args.format.parse().map_err(Failure::new)?;
    let source = args.source.clone().map(IdSource::try_from).transpose();
    let source = source.map_err(|cause| Failure::new(format!("--source: {cause}")))?;
    let at = |cause: &dyn std::fmt::Display| Failure::new(format!("{}: {cause}", args.file.display()));
    let input: Box<dyn BufRead> = if args.file == Path::new("-") {
        Box::new(BufReader::new(io::stdin()))
    } else {
        Box::new(BufReader::with_capacity(64 * 1024, File::open(&args.file).map_err(|cause| at(&cause))?))
    };
    Reader::open(input, format, source, core.now()).map_err(|cause| at(&cause))
}

/// The next users, and what stopped the reading, if anything did.
fn batch(reader: &mut Reader<Box<dyn BufRead>>) -> (Vec<Entry>, Option<ReadError>) {
    let mut entries = Vec::with_capacity(BATCH);
    while entries.len() < BATCH {
        match reader.next_entry() {
            Ok(Some(entry)) => entries.push(entry),
            Ok(None) => break,
            Err(cause) => return (entries, Some(cause)),
        }
    }
    (entries, None)
}

/// How many came to what.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    created: u64,
    updated: u64,
    unchanged: u64,
    exists: u64,
    skipped: u64,
    refused: u64,
}

/// Writes down what became of each user, as it comes.
struct Report {
    file: Option<BufWriter<File>>,
    says_refused: bool,
    sum: Sum,
}

impl Report {
    fn open(args: &Import) -> Result<Self, Failure> {
        let file = args
            .report
            .as_ref()
            .map(|path| File::create(path).map_err(|cause| Failure::new(format!("{}: {cause}", path.display()))));
        Ok(Self { file: file.transpose()?.map(BufWriter::new), says_refused: !args.json, sum: Sum::default() })
    }

    fn add(&mut self, users: &[Imported]) -> Result<(), Failure> {
        for user in users {
            *match &user.outcome {
                Outcome::Created => &mut self.sum.created,
                Outcome::Updated(_) => &mut self.sum.updated,
                Outcome::Unchanged => &mut self.sum.unchanged,
                Outcome::Exists => &mut self.sum.exists,
                Outcome::Skipped(_) => &mut self.sum.skipped,
                Outcome::Refused(_) => &mut self.sum.refused,
            } += 1;
            if let Some(file) = &mut self.file {
                writeln!(file, "{}", user.to_json()).map_err(not_written)?;
            }
            if let (Outcome::Refused(reasons), true) = (&user.outcome, self.says_refused) {
                let reasons: Vec<String> = reasons.iter().map(ToString::to_string).collect();
                output::line(format_args!("{}: {}", user.place, reasons.join("; ")))?;
            }
        }
        Ok(())
    }

    fn finish(&mut self, args: &Import) -> Result<(), Failure> {
        if let Some(file) = &mut self.file {
            file.flush().map_err(not_written)?;
        }
        let Sum { created, updated, unchanged, exists, skipped, refused } = self.sum;
        if args.json {
            return output::json(&json!({
                "dry_run": args.dry_run, "created": created, "updated": updated, "unchanged": unchanged,
                "exists": exists, "skipped": skipped, "refused": refused,
            }));
        }
        let begin = if args.dry_run { "Nothing was written; a run would come to: " } else { "" };
        output::line(format_args!(
            "{begin}{created} created, {updated} updated, {unchanged} unchanged, {exists} there already, {skipped} skipped, \
             {refused} refused"
        ))
    }
}

fn not_written(cause: impl std::fmt::Display) -> Failure {
    Failure::new(format!("cannot write: {cause}"))
}

/// The form of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// One JSON object a line
    Lines,
    /// A spreadsheet
    Csv,
}

/// What to export.
#[derive(Debug, Args)]
pub(in crate::cli) struct Export {
    /// Its form
    #[arg(long, value_enum, default_value = "lines")]
    format: Form,
    /// With password hashes: whoever has the file can try passwords as long as they like
    #[arg(long)]
    with_hashes: bool,
}

/// Writes all users to standard output, such that an import reads them.
pub(in crate::cli) fn export(global: &Global, args: &Export) -> Result<(), Failure> {
    let output = BufWriter::new(io::stdout().lock());
    let mut writer = match args.format {
        Form::Lines => Writer::Lines(output),
        Form::Csv => Writer::Sheet(Box::new(Sheet::open(output, args.with_hashes).map_err(not_written)?)),
    };
    global.with_core(async |core| {
        let ctx = core.operator();
        let mut after = None;
        loop {
            let cmd = ExportUsers { after, limit: PAGE, with_hashes: args.with_hashes };
            let page = account::export_users(&ctx, cmd).await.map_err(Failure::new)?;
            for user in &page.users {
                writer.add(user).map_err(not_written)?;
            }
            after = page.next;
            if after.is_none() {
                return Ok(());
            }
        }
    })?;
    writer.finish().map_err(not_written)
}

enum Writer<W: Write> {
    Lines(W),
    Sheet(Box<Sheet<W>>),
}

impl<W: Write> Writer<W> {
    fn add(&mut self, user: &account::ExportedUser) -> io::Result<()> {
        match self {
            Self::Lines(output) => {
                serde_json::to_writer(&mut *output, user)?;
                output.write_all(b"\n")
            }
            Self::Sheet(sheet) => sheet.add(user),
        }
    }

    fn finish(self) -> io::Result<()> {
        match self {
            Self::Lines(mut output) => output.flush(),
            Self::Sheet(sheet) => sheet.finish(),
        }
    }
}
