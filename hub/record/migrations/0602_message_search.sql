-- What was said is found by pairs of characters: a trigram index knows nothing of Chinese words, which are mostly of two.
create function talk.pairs(said text) returns setof text language sql immutable parallel safe as $$
  select two from (select one || lead(one) over (order by place) as two
                     from string_to_table(lower(said), null) with ordinality each(one, place)) pair where two is not null $$;

-- Single characters as well, for who seeks only one.
create function talk.grams(said text) returns text[] language sql immutable parallel safe as $$
  select array(select distinct gram from (select string_to_table(lower(said), null) union all select talk.pairs(said)) all_of(gram)) $$;

create function talk.sought(typed text) returns text[] language sql immutable parallel safe as $$
  select case when char_length(typed) < 2 then array[lower(typed)] else array(select distinct talk.pairs(typed)) end $$;

create index message_grams on talk.message using gin (talk.grams(text));
