-- Telephones in calls: one row for each time that a telephone is rung.
create table media.call_leg(
  leg      uuid primary key,
  call     uuid not null references media.call,
  ref      text collate "C" not null,
  number   text not null,
  seconds  int not null,
  state    text not null check (state in ('wanted', 'dialing', 'dialed', 'up', 'over')),
  provider text not null default '',
  at       timestamptz not null);
create index call_leg_open on media.call_leg(leg) where state <> 'over';
