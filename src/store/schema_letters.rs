//! Tables of letters, which no query joins with others: appeals, canned replies, and who waits for an
//! answer.

diesel::table! {
    appeals (denied_id) {
        denied_id -> Text,
        appeal_id -> Text,
    }
}

diesel::table! {
    replies (reply_id) {
        reply_id -> Text,
        name -> Text,
        version -> BigInt,
        changed_by -> Text,
        changed_at -> BigInt,
        archived_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    reply_texts (reply_id, locale) {
        reply_id -> Text,
        locale -> Text,
        body -> Text,
    }
}

diesel::table! {
    unanswered (refund_id) {
        refund_id -> Text,
        since -> BigInt,
    }
}
