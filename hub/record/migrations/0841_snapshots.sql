-- How each snapshot came to the hub: made from the journal, counted by snapshot_figures.
create schema if not exists snapshots;

create table snapshots.sending(
  id        uuid primary key,
  person    text collate "C" not null,
  path      text[] collate "C" not null,
  kind      text collate "C" not null,
  year      int not null,
  announced timestamptz not null,
  received  timestamptz,
  outcome   text collate "C" not null,             -- underway, delivered, lost, dropped
  attempts  int not null,
  waited    float8 not null,                       -- seconds for a line before the first attempt
  seconds   float8 not null,                       -- from sending off to the receipt
  online    bool not null,
  clock_off bool not null,
  pieces    int not null,
  bytes     bigint not null);
create index on snapshots.sending(year, announced);
create index on snapshots.sending(announced);
