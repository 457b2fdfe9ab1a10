//! `traguardo admin`: users and links without a session, for whoever holds the machine.

use traguardo_contract::session::RoleDto;
use traguardo_domain::actor::Actor;
use traguardo_domain::session::normalize_email;
use traguardo_store::Tx;
use traguardo_store::audit::NewEvent;
use traguardo_store::session::{self as users, NewUser};

use super::{Outcome, block_on, open, say};
use crate::problem::ApiError;

/// Options of `admin`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, clap::Subcommand)]
enum Act {
    /// Create a user and print the one-time link for choosing a password.
    CreateUser {
        /// Address.
        #[arg(long)]
        email: String,
        /// Full name.
        #[arg(long)]
        name: String,
        /// Role; may be given several times. Roles that need a unit are given in the application.
        #[arg(long = "role")]
        roles: Vec<String>,
        /// Language, `it` or `en`.
        #[arg(long, default_value = "it", value_parser = ["it", "en"])]
        locale: String,
    },
    /// Print a new one-time link for a user; earlier ones are void.
    ResetLink {
        /// Address.
        #[arg(long)]
        email: String,
    },
}

/// Does it.
pub fn run(args: Args) -> Outcome {
    block_on(async {
        let state = open().await?;
        let origin = state.config.origin.clone();
        let program = Actor::system("command line");
        let made = match args.act {
            Act::CreateUser { email, name, roles, locale } => {
                let email_key = normalize_email(&email).map_err(|finding| ApiError::findings(&[finding]))?;
                let roles: Vec<RoleDto> = roles.into_iter().map(|role| RoleDto { role, unit_id: None }).collect();
                let roles = crate::session::read_roles(&roles, false)?;
                let new = NewUser { email, email_key: email_key.clone(), name, participant_id: None, locale };
                let create = async |tx: &Tx| {
                    let user = users::create_user(tx, &new).await?;
                    for grant in &roles {
                        users::grant(tx, user.id, *grant, "command line", None, None).await?;
                    }
                    tx.note(NewEvent::new(&program, "user.create", "user", user.id));
                    crate::session::invite(tx, &origin, &email_key).await
                };
                state.db.write_tx(create).await?
            }
            Act::ResetLink { email } => {
                let email_key = normalize_email(&email).map_err(|finding| ApiError::findings(&[finding]))?;
                let invite = async |tx: &Tx| {
                    let made = crate::session::invite(tx, &origin, &email_key).await?;
                    tx.note(NewEvent::new(&program, "user.create_link", "user", made.user));
                    Ok::<_, ApiError>(made)
                };
                state.db.write_tx(invite).await?
            }
        };
        state.db.close().await;
        say(&format!("{}\ngood once, until {}\n", made.link, made.expires_at.to_rfc3339()))
    })
}
