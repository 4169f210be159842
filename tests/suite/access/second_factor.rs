//! The second factor from end to end over HTTP: turned on, asked for, lost, and taken away by an administrator.

use jiff::Timestamp;
use makegood::domain::access::Role;
use makegood::domain::second_factor::SharedSecret;

use crate::harness::{TestApp, Worker, password_of};

/// The secret that a page shows in letters.
fn secret_of(window: &Worker) -> SharedSecret {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let words = window.shown.between("class=\"secret\"><bdi class=\"mono\" dir=\"ltr\">", "<");
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0_u32);
    for letter in words.chars().filter(|letter| letter.is_ascii_alphanumeric()) {
        bits = (bits << 5) | u32::try_from(ALPHABET.find(letter).expect("a letter")).expect("a number");
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from((bits >> held) & 0xff).expect("a byte"));
        }
    }
    SharedSecret::from_slice(&bytes).expect("20 bytes")
}

/// The recovery codes on a page: four groups of five.
fn codes_of(window: &Worker) -> Vec<String> {
    let is_letter = |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '-';
    let words = window.shown.html.split(|letter| !is_letter(letter));
    words.filter(|word| word.len() == 23 && word.matches('-').count() == 3).map(str::to_owned).collect()
}

fn now_s() -> u64 {
    u64::try_from(Timestamp::now().as_second()).expect("a second")
}

/// Signs in up to the code, and gives one.
async fn sign_in_with(window: &mut Worker, name: &str, code: &str) -> u16 {
    window.sign_in(name).await.is(200).at("/login/verify");
    window.send("/login/verify", &[("code", code)]).await.status
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_factor_is_asked_for_and_every_code_counts_once() {
    let app = TestApp::start().await;
    let mut amina = app.working("amina", Role::Agent).await;
    amina.go("/account/second-factor").await.is(200);
    amina.send("/account/second-factor/begin", &[]).await.is(200);
    let secret = secret_of(&amina);
    let password = password_of("amina");
    // A code without the password is not enough, nor the password with a wrong code.
    let code = secret.code_at(now_s());
    amina.send("/account/second-factor", &[("code", &code), ("password", "wrong")]).await.is(422);
    amina.send("/account/second-factor", &[("code", "000000"), ("password", &password)]).await.is(422);
    let code = secret.code_at(now_s());
    amina
        .send("/account/second-factor", &[("code", &code), ("password", &password)])
        .await
        .is(200)
        .says("Your recovery codes");
    let codes = codes_of(&amina);
    assert_eq!(codes.len(), 10, "{codes:?}");

    // The code that turned it on is used up; a stranger with the password alone stands before the second step.
    let mut thief = app.desk_window();
    assert_eq!(sign_in_with(&mut thief, "amina", &code).await, 422);
    thief.go("/desk/queue").await.at("/login?next=%2Fdesk%2Fqueue");
    // A recovery code opens once, as it is printed or in other letters, and never again.
    let mut window = app.desk_window();
    assert_eq!(sign_in_with(&mut window, "amina", &codes[0].to_lowercase().replace('-', " ")).await, 200);
    window.go("/account/security").await.says("You have 9 recovery codes left.");
    let mut again = app.desk_window();
    assert_eq!(sign_in_with(&mut again, "amina", &codes[0]).await, 422);
    assert_eq!(sign_in_with(&mut again, "amina", &codes[1]).await, 200);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_recovery_code_opens_one_session_even_when_it_is_used_twice_at_once() {
    let app = TestApp::replicated().await;
    let mut amina = app.working("amina", Role::Agent).await;
    amina.go("/account/second-factor").await;
    amina.send("/account/second-factor/begin", &[]).await;
    let code = secret_of(&amina).code_at(now_s());
    amina.send("/account/second-factor", &[("code", &code), ("password", &password_of("amina"))]).await.is(200);
    let codes = codes_of(&amina);
    let (mut one, mut two) = (app.desk_window(), app.desk_window());
    one.sign_in("amina").await.at("/login/verify");
    two.sign_in("amina").await.at("/login/verify");
    let fields = [("code", codes[0].as_str())];
    let (left, right) = tokio::join!(one.send("/login/verify", &fields), two.send("/login/verify", &fields));
    let mut statuses = [left.status, right.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 422]);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_takes_a_lost_factor_away_and_sees_who_has_one() {
    let app = TestApp::start().await;
    let mut root = app.working("root", Role::Admin).await;
    let mut amina = app.working("amina", Role::Agent).await;
    amina.go("/account/second-factor").await;
    amina.send("/account/second-factor/begin", &[]).await;
    let code = secret_of(&amina).code_at(now_s());
    amina.send("/account/second-factor", &[("code", &code), ("password", &password_of("amina"))]).await.is(200);
    root.go("/admin/users").await.is(200).says("amina@desk.example");
    let id = app.lines("SELECT user_id AS line FROM users WHERE name = 'amina'").await.pop().expect("a person");
    let page = format!("/admin/users/{id}");
    root.go(&page).await.says("Take the second factor away");
    root.go(&format!("{page}/second-factor")).await.is(200).says("Do this only if you are sure who asks you.");
    root.send(&format!("{page}/second-factor"), &[]).await.is(200).says("is off");
    // Signed out everywhere; the password alone opens the account now.
    amina.go("/account").await.at("/login?next=%2Faccount");
    amina.sign_in("amina").await.is(200).at("/desk/queue");
    // There is nothing to take away any more.
    let token = {
        root.go(&page).await;
        root.shown.hidden("csrf")
    };
    assert_eq!(root.post(&format!("{page}/second-factor"), &[], &token).await.status, 409);
    assert_eq!(app.number("count(*) FROM audit_records WHERE action = 'user.second_factor_reset'").await, 1);
    app.finish().await;
}
