//! What this server offers, in the words of a licence: clients show the features that these name.
//!
//! There is no licence file and nothing to buy; routes about either say so.

use super::{
    Routes,
    config::old_format,
    extract::{Json, MaybeCaller, Query},
    guard::Guard,
};
use crate::{cx::Cx, error::Result};
use model::{Refusal, StringMap, endpoint::Method, permission::Permission, system::FormatQuery};
use serde_json::{Value, json};

pub(super) fn routes(r: Routes) -> Routes {
    let manage = Guard::System(Permission::ManageLicenseInformation);
    r.at(Method::Get, "/license/client", Guard::Public, client)
        .at(Method::Get, "/license", Guard::System(Permission::ReadLicenseInformation), get)
        .at(Method::Get, "/license/load_metric", Guard::SignedIn, load)
        .at(Method::Get, "/trial-license/prev", Guard::System(Permission::ReadLicenseInformation), no_trial)
        .refused(Method::Get, "/license/renewal", manage, &Refusal::LICENSE_RENEWAL)
        .refused(Method::Get, "/license/preview", manage, &Refusal::LICENSE_UPLOAD)
        .refused(Method::Post, "/license", manage, &Refusal::LICENSE_UPLOAD)
        .refused(Method::Post, "/license/preview", manage, &Refusal::LICENSE_UPLOAD)
        .refused(Method::Delete, "/license", manage, &Refusal::LICENSE_REMOVE)
        .refused(Method::Post, "/trial-license", manage, &Refusal::LICENSE_TRIAL)
}

/// What there is, and what there is not (yet).
const FEATURES: &[(&str, bool)] = &[
    ("Announcement", true),
    ("Cloud", false),
    ("Cluster", false),
    ("Compliance", true),
    ("CustomPermissionsSchemes", true),
    ("CustomTermsOfService", false),
    ("DataRetention", true),
    ("Elasticsearch", false),
    ("EmailNotificationContents", true),
    ("FutureFeatures", false),
    ("GoogleOAuth", false),
    ("GuestAccounts", true),
    ("GuestAccountsPermissions", true),
    ("IDLoadedPushNotifications", false),
    ("LDAP", false),
    ("LDAPGroups", false),
    ("LockTeammateNameDisplay", true),
    ("MFA", true),
    ("MHPNS", false),
    ("MessageExport", true),
    ("Metrics", false),
    ("Office365OAuth", false),
    ("OpenId", false),
    ("OutgoingOAuthConnections", true),
    ("RemoteClusterService", false),
    ("SAML", false),
    ("SharedChannels", false),
    ("ThemeManagement", true),
];

async fn client(MaybeCaller(caller): MaybeCaller, Query(query): Query<FormatQuery>) -> Result<Json<StringMap>> {
    old_format(&query)?;
    let mut told: StringMap = FEATURES.iter().map(|(name, has)| ((*name).into(), has.to_string())).collect();
    for (name, value) in [
        ("IsLicensed", "true"),
        ("IsTrial", "false"),
        ("IsGovSku", "false"),
        ("SkuShortName", "enterprise"),
        ("SkuName", "Confab"),
        ("Users", "0"),
    ] {
        told.insert(name.into(), value.into());
    }
    if caller.is_some() {
        for (name, value) in [
            ("Id", ""),
            ("Name", ""),
            ("Email", ""),
            ("Company", ""),
            ("IssuedAt", "0"),
            ("StartsAt", "0"),
            ("ExpiresAt", "0"),
        ] {
            told.insert(name.into(), value.into());
        }
    }
    Ok(Json(told))
}

async fn get() -> Json<Value> {
    let features: serde_json::Map<String, Value> =
        FEATURES.iter().map(|(name, has)| (snake(name), Value::from(*has))).collect();
    Json(json!({
        "id": "", "issued_at": 0, "starts_at": 0, "expires_at": 0, "customer": null, "features": features,
        "sku_name": "Confab", "sku_short_name": "enterprise", "is_trial": false, "is_gov_sku": false,
    }))
}

/// `DataRetention` as `data_retention`, `LDAPGroups` as `ldap_groups`.
fn snake(name: &str) -> String {
    let mut out = String::new();
    let letters: Vec<char> = name.replace("OAuth", "Oauth").chars().collect();
    for (i, letter) in letters.iter().enumerate() {
        let begins = letter.is_uppercase()
            && i > 0
            && (letters[i - 1].is_lowercase() || letters.get(i + 1).is_some_and(|next| next.is_lowercase()));
        if begins {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
    }
    out
}

async fn no_trial() -> Json<Value> {
    Json(Value::Null)
}

/// How busy the server is. Mattermost: per mille of the people a licence is for; there is no such number here.
async fn load(_: Cx) -> Json<Value> {
    Json(json!({"load": 0}))
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_of_features_in_both_forms() {
        let names = ["DataRetention", "LDAPGroups", "MFA", "GoogleOAuth"].map(super::snake);
        assert_eq!(names, ["data_retention", "ldap_groups", "mfa", "google_oauth"]);
    }
}
