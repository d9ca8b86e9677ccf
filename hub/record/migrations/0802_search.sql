-- What can be found, by whom, and what it resembles. `text` stands only where it differs from its folded form (hub/search/text.py).
create schema search;

create table search.document (
    id uuid primary key,
    kind text not null,
    stream text not null,
    title text not null,
    at timestamptz not null,
    url text not null,
    refs text[] not null,
    desks text[] not null,
    path text[] not null,
    public boolean not null,
    made_of uuid not null,
    prints bigint[] not null default '{}'
);

create table search.paragraph (
    document uuid not null references search.document on delete cascade,
    place int not null,
    start int not null,
    text text,
    folded text not null,
    primary key (document, place, start)
);

create table search.meaning (
    document uuid primary key references search.document on delete cascade,
    vector bytea not null
);

-- Every character with the next one, the last alone; a single character is found as what pairs begin with. A trigram index knows
-- nothing of Chinese words, which are mostly of two, and a segmenter cuts where the searcher does not. No places are kept: what has
-- the pairs of a query is looked at again. The cost keeps the planner from computing what the index holds.
create function search.pairs(folded text) returns tsvector language sql immutable parallel safe cost 5000 as $$
  select array_to_tsvector(array(select one || lead(one, 1, '') over (order by place)
                                 from string_to_table(folded, null) with ordinality each(one, place))) $$;

-- Without a list of what is still to be sorted in: that would be read from end to end by every query.
create index paragraph_pairs on search.paragraph using gin (search.pairs(folded)) with (fastupdate = off);
create index document_prints on search.document using gin (prints) with (fastupdate = off);

-- Of some fingerprints those that at most 200 documents have, and where all are common, all.
create function search.rarer(prints bigint[]) returns bigint[] language plpgsql stable set enable_seqscan = off as $$
declare
    rare bigint[];
begin
    select array_agg(one) into rare from unnest(prints) one
    where (select count(*) from (select from search.document where search.document.prints @> array[one] limit 201) had) <= 200;
    return coalesce(rare, prints);
end $$;
