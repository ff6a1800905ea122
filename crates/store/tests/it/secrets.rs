//! Secrets are sealed, and a changed byte, a moved place or another key is found.

use std::collections::BTreeMap;

use clock::Clock;
use model::PairId;
use ports::System;
use secrecy::{ExposeSecret, SecretString};
use store::connections::{self, Connection, ConnectionState};
use store::users::{self, LogIn};
use store::vault::Vault;
use store::{Store, StoreError};

#[test]
fn a_sealed_value_opens_only_in_its_place_unchanged_and_with_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let vault = Vault::open(&folder.path().join("a.key")).unwrap();
    let sealed = vault.seal("main|kashflow", b"memorable").unwrap();
    assert_eq!(*vault.open_sealed("main|kashflow", &sealed).unwrap(), b"memorable");
    assert!(vault.open_sealed("other|kashflow", &sealed).is_err());
    let mut changed = sealed.clone();
    *changed.last_mut().unwrap() ^= 1;
    assert!(matches!(vault.open_sealed("main|kashflow", &changed), Err(StoreError::Sealed(_))));
    let other = Vault::open(&folder.path().join("b.key")).unwrap();
    assert!(other.open_sealed("main|kashflow", &sealed).is_err());
    assert!(vault.open_sealed("main|kashflow", &[]).is_err());
}

#[tokio::test]
async fn a_connection_keeps_its_secrets_out_of_the_file_and_out_of_debug() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), Clock::real()).await.unwrap();
    let pair = PairId::parse("main").unwrap();
    let connection = Connection {
        pair: pair.clone(),
        system: System::KashFlow,
        config: serde_json::json!({ "base_url": "http://127.0.0.1:1/v2" }),
        secrets: BTreeMap::from([("password".to_owned(), SecretString::from("correct horse battery"))]),
        state: ConnectionState::Ready,
        changed_at: store.clock().now(),
    };
    connections::save(&store, &connection).await.unwrap();
    assert!(!format!("{connection:?}").contains("correct horse"));
    let loaded = connections::load(&store, &pair, System::KashFlow).await.unwrap().unwrap();
    assert_eq!(loaded.secrets["password"].expose_secret(), "correct horse battery");
    for name in ["tillbridge.db", "tillbridge.db-wal"] {
        let bytes = std::fs::read(folder.path().join(name)).unwrap_or_default();
        assert!(!bytes.windows(13).any(|window| window == b"correct horse"), "{name}");
    }
}

#[tokio::test]
async fn a_link_works_once_and_ten_wrong_passwords_lock_the_account() {
    let store = Store::in_memory(Clock::real()).await.unwrap();
    let password = || SecretString::from("four unrelated words here");
    let link = users::new_owner_link(&store).await.unwrap();
    assert!(matches!(users::set_password(&store, &link, SecretString::from("short")).await, Err(StoreError::Bad(_))));
    assert!(users::set_password(&store, &link, password()).await.unwrap());
    assert!(!users::set_password(&store, &link, password()).await.unwrap());
    let LogIn::Welcome(token) = users::log_in(&store, password()).await.unwrap() else { panic!("not let in") };
    assert_eq!(users::session(&store, token.expose_secret()).await.unwrap().as_deref(), Some("owner"));
    users::log_out(&store, token.expose_secret()).await.unwrap();
    assert_eq!(users::session(&store, token.expose_secret()).await.unwrap(), None);
    for _ in 0..10 {
        assert!(matches!(users::log_in(&store, SecretString::from("wrong")).await.unwrap(), LogIn::Refused));
    }
    assert!(matches!(users::log_in(&store, password()).await.unwrap(), LogIn::Locked { .. }));
}
