//! The connector to the simulator: our orders into its calls, its words into ours.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use reqwest::{Client, RequestBuilder};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;

use crate::domain::money::Money;
use crate::domain::provider::{
    Forged, LookUp, News, Outcome, ProviderEvent, RefundOrder, UnifiedStatus, UnknownCause, Verified,
};
use crate::domain::secret::Secret;

use super::super::config::{BadProvider, ProviderConfig};
use super::super::transport::{self, Answer};
use super::super::{ListPage, ListWindow, LookUpPower, NoList, Provider, WebhookHeaders};
use super::CONNECTOR;
use super::failure::REVERSED;
use super::signature::{Signed, SigningKey};
use super::wire::{ErrorBody, ListBody, Metadata, RefundBody, RefundRequest, Status};

/// The simulator answers at once unless it plays dead; waiting longer only hides that.
const CALL_DEADLINE: Duration = Duration::from_secs(5);

/// The code of a call whose reference was used for another payment or amount before.
pub(super) const CONFLICT: &str = "idempotency_conflict";

/// The type of an event that tells a success.
pub(super) const REFUND_SUCCEEDED: &str = "refund.succeeded";
/// The type of an event that tells a failure or a reversal.
pub(super) const REFUND_FAILED: &str = "refund.failed";

/// One account at a simulator.
struct Connector {
    account: String,
    base: Url,
    client: Client,
    secret: Secret,
    webhook_key: SigningKey,
    call_deadline: Duration,
}

/// Builds the account's connector, or says what is wrong with its configuration.
pub(in super::super) fn build(config: &ProviderConfig) -> Result<Arc<dyn Provider>, BadProvider> {
    let refuse = |setting, why: &str| config.refuse(setting, why);
    let base = config.api_base.as_deref().ok_or_else(|| refuse("api_base", "is missing"))?;
    let base = transport::parse_base(base).map_err(|why| refuse("api_base", why))?;
    let secret = config.secret_key.clone().ok_or_else(|| refuse("secret_key", "is missing"))?;
    let webhook_secret = config.webhook_secret.as_ref().ok_or_else(|| refuse("webhook_secret", "is missing"))?;
    let connector = Connector {
        account: config.account.clone(),
        client: transport::client(&base).map_err(|why| refuse("api_base", &format!("cannot be called: {why}")))?,
        base,
        secret,
        webhook_key: SigningKey::new(webhook_secret).map_err(|why| refuse("webhook_secret", why))?,
        call_deadline: config.call_deadline.unwrap_or(CALL_DEADLINE),
    };
    Ok(Arc::new(connector))
}

#[async_trait]
impl Provider for Connector {
    fn account(&self) -> &str {
        &self.account
    }

    fn connector(&self) -> &'static str {
        CONNECTOR
    }

    fn look_up_power(&self) -> LookUpPower {
        LookUpPower::Conclusive
    }

    fn key_window(&self) -> Option<Duration> {
        None
    }

    fn call_deadline(&self) -> Duration {
        self.call_deadline
    }

    fn can_carry(&self, amount: Money) -> bool {
        amount.minor > 0
    }

    async fn refund(&self, order: &RefundOrder) -> Outcome {
        let body = RefundRequest {
            merchant_refund_id: order.reference.clone(),
            connector_transaction_id: order.connector_transaction_id.clone(),
            amount: order.amount.into(),
            reason: order.reason.clone(),
            metadata: Metadata { correlation_id: order.correlation_id.clone() },
        };
        let request = self.client.post(self.refunds(None)).header("idempotency-key", &order.reference).json(&body);
        match self.send(request).await {
            Ok(answer) => outcome(&answer),
            Err(trouble) => trouble.as_outcome(),
        }
    }

    async fn get(&self, connector_refund_id: &str) -> LookUp {
        match self.send(self.client.get(self.refunds(Some(connector_refund_id)))).await {
            Ok(answer) if answer.status == 404 && refusal(&answer).is_some() => LookUp::Absent,
            Ok(answer) => match read::<RefundBody>(&answer) {
                Ok(body) => LookUp::Found(body.unified()),
                Err(detail) => LookUp::Unavailable { detail },
            },
            Err(trouble) => trouble.as_look_up(),
        }
    }

    async fn look_up(&self, reference: &str, connector_transaction_id: &str) -> LookUp {
        let query = [("reference", reference), ("connector_transaction_id", connector_transaction_id)];
        match self.send(self.client.get(self.query(&query))).await {
            Ok(answer) => match read::<ListBody>(&answer) {
                Ok(list) => {
                    let ours = list.data.into_iter().find(|body| body.merchant_refund_id.as_deref() == Some(reference));
                    ours.map_or(LookUp::Absent, |body| LookUp::Found(body.unified()))
                }
                Err(detail) => LookUp::Unavailable { detail },
            },
            Err(trouble) => trouble.as_look_up(),
        }
    }

    async fn list(&self, window: &ListWindow) -> Result<ListPage, NoList> {
        let (from, to) = (window.from.to_string(), window.to.to_string());
        let mut query = vec![("from", from.as_str()), ("to", to.as_str())];
        query.extend(window.cursor.as_deref().map(|cursor| ("cursor", cursor)));
        let unavailable = |detail: String| NoList::Unavailable { detail };
        let answer = self.send(self.client.get(self.query(&query))).await;
        let answer = answer.map_err(|trouble| unavailable(trouble.detail().to_owned()))?;
        let list = read::<ListBody>(&answer).map_err(unavailable)?;
        let dated = |body: RefundBody| {
            let created_at = body.created_at.ok_or_else(|| unavailable("a listed refund has no date".to_owned()))?;
            Ok((created_at, body.unified()))
        };
        Ok(ListPage { refunds: list.data.into_iter().map(dated).collect::<Result<_, _>>()?, next: list.next_cursor })
    }

    fn verify(&self, headers: &WebhookHeaders, body: &[u8], now: Timestamp) -> Result<Verified, Forged> {
        let signed = self.webhook_key.verify(headers, body, now)?;
        Ok(Verified { events: vec![event(&signed, body)], forged_items: 0 })
    }

    fn acknowledgement(&self) -> &'static str {
        ""
    }
}

impl Connector {
    fn refunds(&self, connector_refund_id: Option<&str>) -> Url {
        let mut url = self.base.clone();
        // A base of http or https always has path segments.
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(["v1", "refunds"]).extend(connector_refund_id);
        }
        url
    }

    fn query(&self, pairs: &[(&str, &str)]) -> Url {
        let mut url = self.refunds(None);
        url.query_pairs_mut().extend_pairs(pairs);
        url
    }

    async fn send(&self, request: RequestBuilder) -> Result<Answer, transport::Trouble> {
        transport::send(request.bearer_auth(self.secret.reveal()), self.call_deadline).await
    }
}

/// What an answer to a refund call means.
fn outcome(answer: &Answer) -> Outcome {
    if let Some(settled) = answer.settled_by_status() {
        return settled;
    }
    if answer.status.is_success() {
        return match read::<RefundBody>(answer) {
            Ok(body) if !body.connector_refund_id.is_empty() => Outcome::Answered(body.unified()),
            Ok(_) => transport::unknown(UnknownCause::Unintelligible, "the answer names no refund"),
            Err(detail) => transport::unknown(UnknownCause::Unintelligible, detail),
        };
    }
    match refusal(answer) {
        // An earlier call under this key did something, though not this: only a look-up can tell what.
        Some(body) if body.error.code == CONFLICT => {
            transport::unknown(UnknownCause::Unintelligible, "the processor knows this key with another order")
        }
        Some(body) => Outcome::Refused(body.error.unified()),
        // Something other than the simulator's API said no: it proves nothing about the refund.
        None => transport::unknown(UnknownCause::Unintelligible, status_only(answer)),
    }
}

fn refusal(answer: &Answer) -> Option<ErrorBody> {
    serde_json::from_slice(&answer.body).ok()
}

fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, String> {
    if !answer.status.is_success() {
        return Err(status_only(answer));
    }
    serde_json::from_slice(&answer.body).map_err(|error| format!("the answer is not understood: {error}"))
}

fn status_only(answer: &Answer) -> String {
    format!("the processor answered HTTP {}", answer.status.as_u16())
}

/// A webhook's body. Only the type is read at first, so that events of other types need no certain shape.
#[derive(Deserialize)]
struct EventBody {
    #[serde(rename = "type")]
    event_type: String,
    #[serde(default)]
    timestamp: serde_json::Value,
    #[serde(default)]
    data: serde_json::Value,
}

/// The type of an event that could not be read.
const UNREADABLE: &str = "unreadable";

/// Reads a body whose signature holds.
fn event(signed: &Signed<'_>, body: &[u8]) -> ProviderEvent {
    let (event_type, occurred_at, news, unreadable) = match read_event(body) {
        Ok((event_type, occurred_at, news)) => (event_type, occurred_at, news, None),
        Err(why) => (UNREADABLE.to_owned(), None, None, Some(why)),
    };
    ProviderEvent {
        event_id: signed.event_id.to_owned(),
        event_type,
        occurred_at: occurred_at.unwrap_or(signed.sent_at),
        live: None,
        news,
        unreadable,
    }
}

/// The type, the moment where one is told, and the news of an event; or why there are none.
fn read_event(body: &[u8]) -> Result<(String, Option<Timestamp>, Option<News>), String> {
    let body: EventBody = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let expected = match body.event_type.as_str() {
        REFUND_SUCCEEDED => Some(UnifiedStatus::Succeeded),
        REFUND_FAILED => Some(UnifiedStatus::Failed),
        _ => None,
    };
    let news = match expected {
        Some(expected) => {
            let data = serde_json::from_value(body.data).map_err(|error| error.to_string())?;
            Some(news(data, expected)?)
        }
        None => None,
    };
    let occurred_at = body.timestamp.as_str().and_then(|text| text.parse().ok());
    Ok((body.event_type, occurred_at, news))
}

fn news(body: RefundBody, expected: UnifiedStatus) -> Result<News, String> {
    if body.connector_refund_id.is_empty() {
        return Err("data.connector_refund_id is empty".to_owned());
    }
    // A word that we do not know stays pending; one that contradicts the type is nobody's truth.
    if body.status.unified() != expected && !matches!(body.status, Status::Other(_)) {
        return Err("data.status contradicts the type".to_owned());
    }
    let reversal = body.error.as_ref().is_some_and(|error| error.code == REVERSED.code);
    Ok(News { refund: body.unified(), reversal: reversal && expected == UnifiedStatus::Failed })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"type":"refund.succeeded","timestamp":"2026-01-02T03:04:05Z","data":{"connector_refund_id":"sre_1",
        "merchant_refund_id":"rf_1","connector_transaction_id":"pay_1","status":"SUCCEEDED","amount":{"minor_amount":450,"currency":"USD"}}}"#;

    fn answered(status: u16, body: &str) -> Outcome {
        outcome(&Answer::new(status, body))
    }

    fn unknown_cause(outcome: &Outcome) -> Option<UnknownCause> {
        match outcome {
            Outcome::Unknown(unknown) => Some(unknown.cause),
            Outcome::Answered(_) | Outcome::Refused(_) | Outcome::NotDone(_) => None,
        }
    }

    fn told(body: &str) -> ProviderEvent {
        event(&Signed { event_id: "evt_1", sent_at: Timestamp::UNIX_EPOCH }, body.as_bytes())
    }

    #[test]
    fn an_answer_is_believed_only_where_it_is_understood() {
        let good = answered(200, r#"{"connector_refund_id":"sre_1","status":"SUCCEEDED"}"#);
        assert!(matches!(good, Outcome::Answered(refund) if refund.status == UnifiedStatus::Succeeded));
        for body in ["", "{}", "<html>", r#"{"connector_refund_id":"","status":"SUCCEEDED"}"#, r#"{"status":"FAILED"}"#]
        {
            assert_eq!(unknown_cause(&answered(200, body)), Some(UnknownCause::Unintelligible), "{body}");
        }
    }

    #[test]
    fn a_refusal_is_definite_only_in_the_processors_own_words() {
        let refused = answered(422, r#"{"error":{"code":"exceeds_balance","message":"too much"}}"#);
        assert!(matches!(refused, Outcome::Refused(error) if error.code == "exceeds_balance" && !error.retryable));
        let passing = answered(409, r#"{"error":{"code":"try_again"}}"#);
        assert!(matches!(passing, Outcome::Refused(error) if error.retryable));
        for (status, body) in [(404, "<h1>Not Found</h1>"), (400, "")] {
            assert_eq!(unknown_cause(&answered(status, body)), Some(UnknownCause::Unintelligible), "{status}");
        }
    }

    #[test]
    fn a_key_known_with_another_order_is_no_refusal() {
        let conflict = answered(409, r#"{"error":{"code":"idempotency_conflict"}}"#);
        assert_eq!(unknown_cause(&conflict), Some(UnknownCause::Unintelligible));
    }

    #[test]
    fn an_event_tells_everything_that_it_knows() {
        let event = told(GOOD);
        assert_eq!(event.event_id, "evt_1");
        assert_eq!(event.occurred_at, "2026-01-02T03:04:05Z".parse().unwrap());
        let news = event.news.unwrap();
        assert_eq!(news.refund.reference.as_deref(), Some("rf_1"));
        assert_eq!(news.refund.amount, Some(Money::new(450, "USD".parse().unwrap())));
        assert!(!news.reversal);
    }

    #[test]
    fn f43_an_event_of_another_type_is_believed_and_says_nothing() {
        let event = told(r#"{"type":"payout.paid","data":[1,2]}"#);
        assert_eq!((event.event_type.as_str(), event.news, event.unreadable), ("payout.paid", None, None));
    }

    #[test]
    fn a_reversal_is_told_by_its_code() {
        let reversed = GOOD.replace("refund.succeeded", "refund.failed").replace(r#""SUCCEEDED""#, r#""FAILED""#);
        assert!(!told(&reversed).news.unwrap().reversal);
        let reversed = reversed.replace(r#""amount""#, r#""error":{"code":"reversed"},"amount""#);
        assert!(told(&reversed).news.unwrap().reversal);
    }

    #[test]
    fn f52_what_is_signed_and_senseless_is_taken_and_kept_unread() {
        let contradiction = GOOD.replace(r#""SUCCEEDED""#, r#""FAILED""#);
        let float = GOOD.replace("450", "4.5");
        let currency = GOOD.replace("USD", "DOLLARS");
        for body in ["", "[]", "null", r#"{"type":"refund.failed"}"#, &contradiction, &float, &currency] {
            let event = told(body);
            assert!(event.unreadable.is_some() && event.news.is_none(), "{body}");
        }
    }
}
