-- Accounts and sign-in. No secret stands here in the clear: passwords as argon2id, tokens and keys
-- as SHA-256 of 256 random bits, second factors sealed with the hub's key.
create schema if not exists access;

create table access.account (
    id              uuid        primary key,
    login           text        not null unique check (login = lower(login)),
    name            text        not null,
    person          uuid,
    password_hash   text        not null,
    password_set_at timestamptz,                    -- null: first password, still to be changed
    totp_secret     bytea,
    totp_offered    bytea,                          -- enrolled by nobody until a code confirms it
    totp_step       bigint      not null default 0, -- the last step a code was taken for
    totp_required   boolean     not null default false,
    roles           text[]      not null,
    scopes          text[]      not null,
    disabled        boolean     not null default false,
    created         timestamptz not null,
    last_seen       timestamptz,
    last_command    uuid                            -- asking twice is asking once
);

-- By login and not by account: a login that does not exist locks just like one that does.
create table access.failure (
    login        text        primary key,
    failed       int         not null,
    last         timestamptz not null,
    locked_until timestamptz
);
create index on access.failure (last);

create table access.session (
    token_hash bytea       primary key,
    id         uuid        not null unique,
    account    uuid        references access.account on delete cascade,
    person     uuid,
    created    timestamptz not null,
    last_seen  timestamptz not null,
    expires    timestamptz not null,
    address    text        not null,
    agent      text        not null,
    revoked_at timestamptz,
    check ((account is null) <> (person is null))
);
create index on access.session (account) where revoked_at is null;
create index on access.session (person) where revoked_at is null;
create index on access.session (expires);

create table access.device (
    id         uuid        primary key,
    station    text        not null,
    name       text        not null,
    key_hash   bytea       not null unique,
    created    timestamptz not null,
    created_by text        not null,
    last_seen  timestamptz,
    revoked_at timestamptz
);
create index on access.device (station);

create table access.api_key (
    id         uuid        primary key,
    name       text        not null,
    key_hash   bytea       not null unique,
    roles      text[]      not null,
    scopes     text[]      not null,
    created    timestamptz not null,
    created_by text        not null,
    expires    timestamptz,
    last_seen  timestamptz,
    revoked_at timestamptz
);

-- Links carry their own proof; this is how they are taken back all the same.
create table access.links_void (
    person uuid        primary key,
    before timestamptz not null
);

-- Where a scope lies: from the city down to itself. An unknown one lies under the city alone.
create function access.path_of(scope text) returns text[] language sql stable as $$
    select case
        when scope = 'city' then array['city']
        when scope like 'person:%' then coalesce(
            (select p.path || scope from directory.person p where p.id = substr(scope, 8)::uuid),
            array['city', scope])
        else coalesce(
            (select o.path || scope from directory.organisation o where o.id = scope),
            array['city', scope])
    end
$$;

-- True when every one of `scopes` lies at or below one that `holder` has.
create function access.covers(holder text[], scopes text[]) returns boolean language sql stable as $$
    select not exists (select from unnest(scopes) s where not access.path_of(s) && holder)
$$;
