//! `ostiary apply`: what files declare is made so (D11).
//!
//! Exit codes: 0 done, or nothing to do; 1 not done; with `--plan`, 2 when something would change. Each owner's
//! declaration is one transaction; what stands under one label in several files is one declaration.

mod document;

use std::{collections::BTreeMap, path::PathBuf, process::ExitCode};

use clap::Args;
use ostiary::{
    core::Core,
    declaration::{
        ApplyDeclaration, ApplyError, Declaration, DeclarationApplied, Object, OwnerLabel, Plan, apply_declaration,
        plan_declaration,
    },
};
use serde_json::json;

use self::document::Document;
use super::{Failure, Global, output};

/// Exit code of a plan that would change something.
const WOULD_CHANGE: u8 = 2;

/// What to apply, and how.
#[expect(clippy::struct_excessive_bools, reason = "flags of a command")]
#[derive(Debug, Args)]
pub(super) struct Apply {
    /// TOML files, such as examples/clients.toml
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Only show what would change; exits with 2 if something would
    #[arg(long)]
    plan: bool,
    /// Take over what was made by hand or by another owner under the same id
    #[arg(long)]
    adopt: bool,
    /// Remove what the owner declared before and no longer does
    #[arg(long)]
    prune: bool,
    /// Print one JSON object for each owner
    #[arg(long)]
    json: bool,
}

/// All that the files say, by owner, and where each object stands.
#[derive(Default)]
struct Declared {
    declarations: BTreeMap<OwnerLabel, Declaration>,
    places: BTreeMap<Object, String>,
}

/// Applies the files, or says what would change.
pub(super) fn run(global: &Global, args: &Apply) -> Result<ExitCode, Failure> {
    let Declared { declarations, places } = read(&args.files)?;
    let placed = |error: ApplyError| match error.object().and_then(|object| places.get(object)) {
        Some(place) => Failure::new(format!("{place}: {error}")),
        None => Failure::new(error),
    };
    let cmds: Vec<ApplyDeclaration> = declarations
        .into_values()
        .map(|declaration| ApplyDeclaration { declaration, adopt: args.adopt, prune: args.prune })
        .collect();
    let changed = global.with_core(async |core| {
        // What is wrong with any of them is said before any is applied.
        let mut plans = Vec::new();
        for cmd in &cmds {
            plans.push(plan_declaration(&core.operator(), cmd).await.map_err(placed)?);
        }
        if args.plan {
            for (cmd, plan) in cmds.iter().zip(&plans) {
                show(cmd, plan, args.json)?;
            }
            return Ok(plans.iter().any(|plan| !plan.is_empty()));
        }
        let mut changed = false;
        for cmd in &cmds {
            changed |= apply(core, cmd, args.json).await?.map_err(placed)?;
        }
        Ok(changed)
    })?;
    if !changed && !args.json {
        output::line("Nothing to do.")?;
    }
    Ok(if args.plan && changed { ExitCode::from(WOULD_CHANGE) } else { ExitCode::SUCCESS })
}

fn read(files: &[PathBuf]) -> Result<Declared, Failure> {
    let mut declared = Declared::default();
    for file in files {
        let Document { declaration, places } = document::read(file)?;
        for (object, place) in places {
            if let Some(before) = declared.places.get(&object) {
                return Err(Failure::new(format!("{place}: {object} stands at {before} already")));
            }
            declared.places.insert(object, place);
        }
        let owner = declaration.owner.clone();
        let whole = declared.declarations.entry(owner.clone()).or_insert_with(|| Declaration::new(owner));
        whole.extend(declaration);
    }
    Ok(declared)
}

/// Applies one and shows at once what was done: secrets that were made are told this once, whatever comes after.
async fn apply(core: &Core, cmd: &ApplyDeclaration, as_json: bool) -> Result<Result<bool, ApplyError>, Failure> {
    let applied = match apply_declaration(&core.operator(), cmd.clone()).await {
        Ok(applied) => applied,
        Err(error) => return Ok(Err(error)),
    };
    let DeclarationApplied { plan, secrets } = applied;
    if as_json {
        let secret = |made: &ostiary::declaration::MadeSecret| json!({ "client_id": made.client_id, "client_secret": made.secret.expose() });
        let secrets: Vec<_> = secrets.iter().map(secret).collect();
        let owner = cmd.declaration.owner.as_str();
        output::json(&json!({
            "owner": owner, "applied": true, "changes": plan.changes, "kept": plan.kept, "secrets": secrets,
        }))?;
        return Ok(Ok(!plan.is_empty()));
    }
    show(cmd, &plan, false)?;
    for made in &secrets {
        output::line(format_args!("Client secret of {}:  {}", made.client_id, made.secret.expose()))?;
    }
    if !secrets.is_empty() {
        output::line("Secrets are shown this once; only digests of them are kept.")?;
    }
    Ok(Ok(!plan.is_empty()))
}

fn show(cmd: &ApplyDeclaration, plan: &Plan, as_json: bool) -> Result<(), Failure> {
    if as_json {
        let owner = cmd.declaration.owner.as_str();
        return output::json(&json!({ "owner": owner, "applied": false, "changes": plan.changes, "kept": plan.kept }));
    }
    let text = plan.to_string();
    if text.is_empty() { Ok(()) } else { output::line(text.trim_end_matches('\n')) }
}
