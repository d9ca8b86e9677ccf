-- What became of each opinion of the voters: made from the journal, counted by opinion_figures.
create schema if not exists opinions;

create table opinions.item(
  id       uuid primary key,
  path     text[] collate "C" not null,
  district text collate "C" not null,              -- '' where it is the city's
  station  text collate "C" not null,
  unit     text collate "C" not null,              -- the department that had it last
  kind     text collate "C" not null,
  grade    text collate "C" not null,
  came     text collate "C" not null,
  place    text not null,
  year     int not null,
  state    text collate "C" not null,
  told_at  timestamptz not null,                   -- when it came
  sorted   timestamptz,                            -- first taken up by a desk
  answered timestamptz,                            -- when the citizen was told first
  rating   text collate "C" not null,              -- his last word; '' while there is none
  again    bool not null,                          -- opened a second time
  ended    timestamptz);
create index on opinions.item(year, told_at);
create index on opinions.item(told_at);
create index on opinions.item using gin (path);
