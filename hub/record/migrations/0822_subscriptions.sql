-- Subscriptions to words and topics, and the cases each holder was alerted to: once for each. All of it is made from the journal.
create table cases.subscription(
  id      uuid primary key,
  holder  text collate "C" not null,
  version bigint not null,
  words   text[] not null,
  topics  text[] collate "C" not null,
  streams text[] collate "C" not null,
  at      timestamptz not null,
  pos     bigint not null,                             -- of the event that made it: the order they are matched in
  ended   bool not null default false);
create index on cases.subscription(holder);

create table cases.subscription_hit(
  subscription uuid not null,
  case_id      uuid not null,
  holder       text collate "C" not null,
  word         text not null,
  at           timestamptz not null,
  primary key(case_id, holder));
create index on cases.subscription_hit(subscription, at);
