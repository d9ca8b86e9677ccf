-- Who asked for a new link of late: what the limit counts.
create table access.link_renewal (
    id     uuid        primary key,
    person uuid        not null,
    asked  timestamptz not null
);
create index on access.link_renewal (person, asked);
