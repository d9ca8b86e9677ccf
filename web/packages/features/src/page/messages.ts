import accountsEn from '../accounts/en'
import accountsZh from '../accounts/zh-CN'
import auditEn from '../audit/en'
import auditZh from '../audit/zh-CN'
import broadcastsEn from '../broadcasts/en'
import broadcastsZh from '../broadcasts/zh-CN'
import callsEn from '../calls/en'
import callsZh from '../calls/zh-CN'
import casesEn from '../cases/en'
import casesZh from '../cases/zh-CN'
import conversationsEn from '../conversations/en'
import conversationsZh from '../conversations/zh-CN'
import directoryEn from '../directory/en'
import directoryZh from '../directory/zh-CN'
import dutiesEn from '../duties/en'
import dutiesZh from '../duties/zh-CN'
import exchangeEn from '../exchange/en'
import exchangeZh from '../exchange/zh-CN'
import legislationEn from '../legislation/en'
import legislationZh from '../legislation/zh-CN'
import liveEn from '../live/en'
import liveZh from '../live/zh-CN'
import mapEn from '../map/en'
import mapZh from '../map/zh-CN'
import meetingsEn from '../meetings/en'
import meetingsZh from '../meetings/zh-CN'
import opinionsEn from '../opinions/en'
import opinionsZh from '../opinions/zh-CN'
import proposalsEn from '../proposals/en'
import proposalsZh from '../proposals/zh-CN'
import searchEn from '../search/en'
import searchZh from '../search/zh-CN'
import sessionEn from '../session/en'
import sessionZh from '../session/zh-CN'
import snapshotsEn from '../snapshots/en'
import snapshotsZh from '../snapshots/zh-CN'
import pageEn from './en'
import pageZh from './zh-CN'

/** All the sentences of the console's features. */
export const CONSOLE_MESSAGES = {
  'zh-CN': {
    page: pageZh,
    session: sessionZh,
    directory: directoryZh,
    broadcasts: broadcastsZh,
    conversations: conversationsZh,
    calls: callsZh,
    cases: casesZh,
    duties: dutiesZh,
    exchange: exchangeZh,
    legislation: legislationZh,
    opinions: opinionsZh,
    proposals: proposalsZh,
    search: searchZh,
    live: liveZh,
    snapshots: snapshotsZh,
    map: mapZh,
    meetings: meetingsZh,
    audit: auditZh,
    accounts: accountsZh,
  },
  en: {
    page: pageEn,
    session: sessionEn,
    directory: directoryEn,
    broadcasts: broadcastsEn,
    conversations: conversationsEn,
    calls: callsEn,
    cases: casesEn,
    duties: dutiesEn,
    exchange: exchangeEn,
    legislation: legislationEn,
    opinions: opinionsEn,
    proposals: proposalsEn,
    search: searchEn,
    live: liveEn,
    snapshots: snapshotsEn,
    map: mapEn,
    meetings: meetingsEn,
    audit: auditEn,
    accounts: accountsEn,
  },
}
