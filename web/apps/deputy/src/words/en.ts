import type { Same } from '@hub/features/page'
import type zh from './zh-CN'

const en: Same<typeof zh> = {
  title: 'Deputy’s page',
  todo: {
    title: 'To do',
    open: 'Waiting for your answer',
    earlier: 'Earlier notices',
    done: 'All answered',
    doneHint: 'WeChat or a text message will tell you when there is something new.',
    empty: 'No notices yet',
    emptyHint: 'Notices sent to you appear here.',
    details: 'Details',
    sound: 'Sound {time}',
    files: '{count} attachments',
    failed: 'Your notices could not be fetched: {why}',
    retry: 'Try again',
  },
  draft: { title: 'The draft', edition: 'edition {n} · {of} · {on}' },
  details: {
    title: 'Notice',
    back: 'To do',
    from: 'Sent by',
    sent: 'Sent at',
    until: 'Answer by',
    gone: 'This notice is not here',
    goneHint:
      'It may have been withdrawn, or was not sent to you. Your other notices are under To do.',
    toTodo: 'Go to To do',
  },
  answer: {
    done: 'Answered: {label}',
    reason: 'Reason: {reason}',
    change: 'Change',
    keep: 'Leave as it is',
    changing: 'Choose again:',
    pending: 'Sending…',
    cancelled: 'The sender has withdrawn this notice; no answer is needed.',
    expired:
      'It ended {time} without your answer. If you still want to answer, contact the sender.',
  },
  link: {
    offline: 'Not connected, trying again. You can read and answer.',
    connecting: 'Connecting…',
    unsent: '{count} receipts will be sent when the line is back.',
    stale: 'The database is not available; this is what was known at {time}.',
  },
  door: {
    entering: 'Opening…',
    refused: 'This link no longer works',
    stranger: 'Please sign in',
    strangerHint:
      'Open the link of a notice you got by WeChat or text message, or sign in with WeChat.',
    left: 'You are signed out',
    leftHint:
      'You signed out, or your session ended. Open the link of your latest notice, or sign in with WeChat.',
    away: 'No connection',
    awayHint:
      'Check your phone’s network. This page opens by itself when it is back; keep the link open.',
    retry: 'Try again',
    renew: 'Send me a new link',
    renewing: 'Sending…',
    renewHint:
      'It goes to the phone or WeChat known for you. If that fails, ask your liaison station.',
    renewed: 'Look for a new link',
    todo: 'What you can do',
    steps: [
      'Open the latest notice in WeChat or your text messages and press its link',
      'If your WeChat is bound, press WeChat sign-in below',
      'If that fails, ask your liaison station to send the link again',
    ],
    wechat: 'WeChat sign-in',
    wechatOnly: 'For WeChat sign-in, open this page inside WeChat.',
    enter: 'Go to my notices',
    problem: {
      'wechat-unknown':
        'This WeChat is not bound to a deputy. Come in once by the link you were sent and bind WeChat under Me.',
      'wechat-state': 'The WeChat sign-in was not completed. Press WeChat sign-in again.',
      'wechat-away': 'WeChat did not answer. Press WeChat sign-in again in a while.',
      'wechat-off': 'WeChat sign-in is not set up here. Use the link you were sent.',
      other: 'The WeChat sign-in did not work. Use the link you were sent.',
    },
  },
  mine: {
    title: 'Me',
    deputy: 'Deputy',
    size: 'Text size',
    sizes: { 1: 'Normal', 1.5: 'Large', 2: 'Largest' },
    sample: 'The size changes at once, on this phone only.',
    language: 'Language 语言',
    wechat: 'Bind WeChat',
    wechatHint: 'Then WeChat alone lets you in',
    out: 'Sign out everywhere',
    outTitle: 'Sign out everywhere?',
    outText: 'This ends your sign-in in {count} places. To come back, open the link of a notice.',
    outUnsent: '{count} receipts are not sent yet. Sign out when the line is back and they are.',
    yes: 'Sign out',
    no: 'Stay',
  },
}

export default en
