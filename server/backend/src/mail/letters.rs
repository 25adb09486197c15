//! The letters: what each says, and the one shape all have, in text and in HTML.

use model::{PostId, config::Config, teams::Team};
use std::fmt::Write as _;
use store::jobs::Letter;

/// What a letter says.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// Without the site's name, which all begin with.
    pub subject: String,
    /// The first line, large.
    pub title: String,
    pub paragraphs: Vec<String>,
    /// A button's label and where it leads.
    pub button: Option<(String, String)>,
    /// Smaller, below: what to do if one has not asked for it.
    pub note: String,
}

impl Draft {
    /// The letter to somebody.
    pub fn to(&self, config: &Config, address: &str) -> Letter {
        Letter {
            to: address.to_owned(),
            subject: format!("[{}] {}", config.team.site_name, self.subject),
            text: self.text(config),
            html: self.html(config),
        }
    }

    fn text(&self, config: &Config) -> String {
        let mut text = format!("{}\n\n", self.title);
        for paragraph in &self.paragraphs {
            let _ = write!(text, "{paragraph}\n\n");
        }
        if let Some((label, link)) = &self.button {
            let _ = write!(text, "{label}:\n{link}\n\n");
        }
        if !self.note.is_empty() {
            let _ = write!(text, "{}\n\n", self.note);
        }
        let _ = write!(text, "-- \n{}\n{}\n", config.team.site_name, site(config));
        text
    }

    fn html(&self, config: &Config) -> String {
        // Mail programs know little CSS: tables for the shape, and styles on each element.
        let mut inner = format!(
            "<h1 style=\"margin:0 0 16px;font-size:22px;line-height:1.3;font-weight:600;color:#1d2433\">{}</h1>",
            escaped(&self.title)
        );
        for paragraph in &self.paragraphs {
            let _ = write!(inner, "<p style=\"margin:0 0 16px\">{}</p>", escaped(paragraph).replace('\n', "<br>"));
        }
        if let Some((label, link)) = &self.button {
            let (label, link) = (escaped(label), escaped(link));
            let _ = write!(
                inner,
                "<p style=\"margin:24px 0\"><a href=\"{link}\" style=\"display:inline-block;padding:11px 20px;\
                 border-radius:8px;background:#3b5bdb;color:#ffffff;font-weight:600;text-decoration:none\">{label}</a></p>\
                 <p style=\"margin:0 0 16px;font-size:13px;color:#667085\">Or open this address:<br>\
                 <a href=\"{link}\" style=\"color:#3b5bdb;word-break:break-all\">{link}</a></p>"
            );
        }
        if !self.note.is_empty() {
            let _ = write!(inner, "<p style=\"margin:0;font-size:13px;color:#667085\">{}</p>", escaped(&self.note));
        }
        let (name, site) = (escaped(&config.team.site_name), escaped(&site(config)));
        format!(
            "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title></head>\
             <body style=\"margin:0;padding:0;background:#f4f5f7\">\
             <table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" style=\"background:#f4f5f7\">\
             <tr><td align=\"center\" style=\"padding:32px 16px\">\
             <table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" style=\"max-width:560px\">\
             <tr><td style=\"padding:32px;background:#ffffff;border-radius:12px;text-align:left;\
             font:15px/1.55 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;color:#344054\">{inner}</td></tr>\
             <tr><td style=\"padding:16px 32px;text-align:left;\
             font:13px/1.5 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;color:#667085\">\
             {name} · <a href=\"{site}\" style=\"color:#667085\">{site}</a></td></tr>\
             </table></td></tr></table></body></html>",
            title = escaped(&self.title),
        )
    }
}

/// The site's address without a slash at its end.
pub fn site(config: &Config) -> String {
    config.service.site_url.trim_end_matches('/').to_owned()
}

/// Tries the settings.
pub fn test() -> Draft {
    Draft {
        subject: "Testing Email Setup".into(),
        title: "Mail works".into(),
        paragraphs: vec!["This server can send mail with the settings you tried.".into()],
        ..Draft::default()
    }
}

/// Greets somebody new.
pub fn welcome(config: &Config, username: &str) -> Draft {
    Draft {
        subject: "Welcome".into(),
        title: format!("Welcome to {}", config.team.site_name),
        paragraphs: vec![
            format!("Your account is ready. Your user name is {username}."),
            "Phone and desktop apps that speak the same API work too: give them the address below.".into(),
        ],
        button: Some(("Sign in".into(), format!("{}/login", site(config)))),
        ..Draft::default()
    }
}

/// Asks whether an address is the receiver's.
pub fn verification(config: &Config, token: &str, email: &str) -> Draft {
    Draft {
        subject: "Email Verification".into(),
        title: "Is this your address?".into(),
        paragraphs: vec![format!("Please confirm that {email} belongs to your account. The link is good for a day.")],
        button: Some((
            "Confirm the address".into(),
            format!("{}/do_verify_email?token={token}&email={}", site(config), encoded(email)),
        )),
        note: "If you have no account here, somebody mistyped their address. You can ignore this mail.".into(),
    }
}

/// Offers a new password.
pub fn password_reset(config: &Config, token: &str) -> Draft {
    Draft {
        subject: "Reset your password".into(),
        title: "Set a new password".into(),
        paragraphs: vec!["Somebody, hopefully you, asked for a new password. The link is good for a day.".into()],
        button: Some(("Set a new password".into(), format!("{}/reset_password_complete?token={token}", site(config)))),
        note: "If it was not you, ignore this mail. Your password stays as it is.".into(),
    }
}

/// Signs a guest in.
pub fn sign_in(config: &Config, token: &str) -> Draft {
    Draft {
        subject: "Your link to sign in".into(),
        title: "Sign in".into(),
        paragraphs: vec![
            "Somebody, hopefully you, wants to sign in. The link works once, within a quarter of an hour.".into(),
        ],
        button: Some(sign_in_button(config, token)),
        note: "If it was not you, ignore this mail, and give the link to nobody.".into(),
    }
}

/// The way in by a link that signs in.
pub fn sign_in_button(config: &Config, token: &str) -> (String, String) {
    ("Sign in".into(), format!("{}/login/one_time_link?t={token}", site(config)))
}

/// Invites somebody into a team.
pub fn invitation(config: &Config, team: &Team, by: &str, token: &str, email: &str) -> Draft {
    let (site, id, email) = (site(config), &team.invite_id, encoded(email));
    let name = &team.display_name;
    Draft {
        subject: format!("{by} invited you to join {name}"),
        title: format!("Join {name}"),
        paragraphs: vec![
            format!("{by} invited you to the team {name} on {}.", config.team.site_name),
            "The link is for this address, and good for two days.".into(),
        ],
        button: Some(("Join the team".into(), format!("{site}/signup_user_complete?t={token}&id={id}&email={email}"))),
        note: "If you do not know who that is, ignore this mail.".into(),
    }
}

/// A message that somebody is told of.
#[derive(Clone, Debug, Default)]
pub struct Said {
    pub author: String,
    /// The channel's name; empty for direct and group channels.
    pub channel: String,
    /// The name of the channel's team, as in addresses.
    pub team: Option<String>,
    pub post: PostId,
    pub text: String,
}

/// The most messages that one letter shows, and the most characters of each.
const SHOWN: (usize, usize) = (20, 500);

/// Tells of messages that somebody has not seen.
pub fn messages(config: &Config, said: &[Said]) -> Draft {
    let generic = config.email.notification_contents_type == "generic";
    let subject = match said {
        [one] if !generic && one.channel.is_empty() => format!("{} wrote to you", one.author),
        [one] if !generic => format!("{} mentioned you in {}", one.author, one.channel),
        [_] => "A new message for you".to_owned(),
        many => format!("{} new messages for you", many.len()),
    };
    let mut paragraphs = Vec::new();
    if !generic {
        let (most, long) = SHOWN;
        for one in said.iter().take(most) {
            let place = if one.channel.is_empty() { String::new() } else { format!(" in {}", one.channel) };
            let mut text: String = one.text.chars().take(long).collect();
            if text.len() < one.text.len() {
                text.push('…');
            }
            paragraphs.push(format!("{}{place}:\n{text}", one.author));
        }
        if said.len() > most {
            paragraphs.push(format!("And {} more.", said.len() - most));
        }
    }
    let site = site(config);
    let link = match said.first() {
        Some(Said { team: Some(team), post, .. }) => format!("{site}/{team}/pl/{post}"),
        _ => format!("{site}/"),
    };
    Draft {
        title: subject.clone(),
        subject,
        paragraphs,
        button: Some(("Open the chat".into(), link)),
        note: "You get this because you were not here when it was written.".into(),
    }
}

/// Tells that a password was changed.
pub fn password_changed(config: &Config, username: &str) -> Draft {
    Draft {
        subject: "Your password has been changed".into(),
        title: "Your password has been changed".into(),
        paragraphs: vec![format!("The password of your account {username} has just been changed.")],
        note: format!("If it was not you, ask for a new one at {}/reset_password at once.", site(config)),
        ..Draft::default()
    }
}

/// Tells that a second factor is asked for from now on, or no more.
pub fn mfa_changed(config: &Config, username: &str, on: bool) -> Draft {
    let now = if on { "on" } else { "off" };
    Draft {
        subject: format!("Two-step sign-in is {now}"),
        title: format!("Two-step sign-in is {now}"),
        paragraphs: vec![format!("Two-step sign-in has just been switched {now} for your account {username}.")],
        note: format!("If it was not you, set a new password at {}/reset_password at once.", site(config)),
        ..Draft::default()
    }
}

/// Tells the former address that it was replaced.
pub fn address_changed(config: &Config, username: &str, new: &str) -> Draft {
    Draft {
        subject: "Your email address has changed".into(),
        title: "Your address has been changed".into(),
        paragraphs: vec![format!("The address of your account {username} on {} is now {new}.", config.team.site_name)],
        note: "If it was not you, please tell an administrator of the server at once.".into(),
        ..Draft::default()
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A value in a query, percent-encoded.
fn encoded(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.~".contains(&b);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_about_messages_says_as_much_as_it_may() {
        let mut config = Config::default();
        config.service.site_url = "https://chat.example.com/".into();
        let one = |text: &str| Said {
            author: "Ann".into(),
            channel: "Garden".into(),
            team: Some("home".into()),
            text: text.into(),
            ..Said::default()
        };
        let draft = messages(&config, &[one("come & see")]);
        assert_eq!(draft.subject, "Ann mentioned you in Garden");
        assert!(draft.to(&config, "b@example.com").text.contains("Ann in Garden:\ncome & see"));
        assert!(draft.button.is_some_and(|(_, link)| link.starts_with("https://chat.example.com/home/pl/")));
        let many: Vec<Said> = (0..25).map(|_| one(&"ä".repeat(600))).collect();
        let draft = messages(&config, &many);
        assert_eq!((draft.subject.as_str(), draft.paragraphs.len()), ("25 new messages for you", 21));
        assert!(draft.paragraphs[0].ends_with('…') && draft.paragraphs[20] == "And 5 more.");
        config.email.notification_contents_type = "generic".into();
        let text = messages(&config, &[one("secret")]).to(&config, "b@example.com").text;
        assert!(!text.contains("secret") && !text.contains("Ann"), "{text}");
    }

    #[test]
    fn what_people_choose_is_text_in_a_letter() {
        let letter = welcome(&Config::default(), "<b>ann</b>").to(&Config::default(), "ann@example.com");
        assert!(letter.html.contains("&lt;b&gt;ann&lt;/b&gt;") && !letter.html.contains("<b>ann"));
        assert!(letter.text.contains("<b>ann</b>"));
        assert_eq!(encoded("a+b@example.com"), "a%2Bb%40example.com");
    }
}
