import type { PersonCard, SavePerson, Wish } from '@hub/contract'

/** The form of somebody new. */
export const blankPerson = (person: string): Required<Wish<SavePerson>> => ({
  person,
  kind: 'deputy',
  name: '',
  org: '',
  code: '',
  gender: '',
  delegation: '',
  district: '',
  term: '',
  post: '',
  phone: '',
  openid: '',
  opt_out: [],
  tags: [],
  version: null,
})

export const formOf = (card: PersonCard): Required<Wish<SavePerson>> => ({
  ...blankPerson(card.id),
  ...(Object.fromEntries(
    Object.keys(blankPerson(''))
      .filter((key) => key in card)
      .map((key) => [key, card[key as keyof PersonCard]]),
  ) as Partial<Wish<SavePerson>>),
})
