-- New links that were asked for and sent, one row for each road tried. `id` is the wish's; vendors' callbacks name it.
create table dispatch.renewal (
    id          uuid        not null,
    channel     text        not null,
    person      uuid        not null,
    address     text        not null,
    asked       timestamptz not null,
    state       text        not null,
    rank        smallint    not null,
    detail      text        not null default '',
    provider_id text collate "C" not null default '',
    primary key (id, channel)
);
create index on dispatch.renewal (provider_id) where provider_id <> '';
