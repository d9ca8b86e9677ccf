-- Of the last day: how often who is not signed in spoke from one network, for limits that hold over processes and restarts.
create table access.guest_word (
    network text collate "C" not null,
    about   text collate "C" not null,
    mark    text collate "C" not null,              -- of network, matter and words: what is said twice
    at      timestamptz      not null,
    case_id uuid             not null               -- the comment or idea that it becomes
);
create index on access.guest_word (network, at);
create index on access.guest_word (about, at);
create index on access.guest_word (at);
