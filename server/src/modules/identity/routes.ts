import { identityRoutes } from '@lyceum/contract/identity'
import type { Route } from '@lyceum/contract/route'
import { AppError } from '#platform/errors.ts'
import type { Call, Mount } from '#platform/http/mount.ts'
import { type AccountNeeds, login, needsSetup, register } from './accounts.ts'
import { checkOrigin, clearCookies, deliver, refreshCookie } from './cookies.ts'
import { endSession, presentUser, refreshSession } from './sessions.ts'
import { ownAccount } from './users.ts'

export const identityHttp = (mount: Mount, needs: AccountNeeds): void => {
  mount(identityRoutes.setup, async () => ({ needsSetup: await needsSetup(needs.db) }))

  mount(identityRoutes.register, async (call) => {
    checkSetter(call.reply, call.body.session)
    const tokens = await register(needs, call.body, deviceOf(call, call.body.session))
    return deliver(call.reply, needs, call.body.session, tokens)
  })

  mount(identityRoutes.login, async (call) => {
    checkSetter(call.reply, call.body.session)
    const tokens = await login(needs, call.body, deviceOf(call, call.body.session))
    return deliver(call.reply, needs, call.body.session, tokens)
  })

  mount(identityRoutes.refresh, async ({ body, request, reply }) => {
    const { refreshToken = refreshFromCookie(reply, request.cookies) } = body
    // What came by cookie stays in cookies: no script of the page may ask for it.
    const kind = body.refreshToken === undefined ? 'cookie' : body.session
    return deliver(reply, needs, kind, await refreshSession(needs, refreshToken, request.receivedAt))
  })

  mount(identityRoutes.logout, async ({ actor, reply }) => {
    if (actor.sessionId) await endSession(needs, actor, actor.sessionId)
    clearCookies(reply)
  })

  mount(identityRoutes.me, async ({ actor }) => ({ user: presentUser(await ownAccount(needs.db, actor)) }))

  mount(identityRoutes.tokenStatus, async ({ actor }) => ({
    expiresInSeconds: Math.max(0, Math.floor(((actor.expiresAt?.getTime() ?? 0) - needs.clock.now().getTime()) / 1000)),
  }))
}

/** No other site may sign its visitors in here, as somebody it chose. @throws AppError `origin_refused` */
const checkSetter = (reply: Call<Route>['reply'], kind: 'token' | 'cookie'): void => {
  if (kind === 'cookie') checkOrigin(reply.request)
}

const deviceOf = ({ request, reply }: Pick<Call<Route>, 'request' | 'reply'>, kind: 'token' | 'cookie') => ({
  kind,
  device: reply.request.headers['user-agent'] ?? 'unknown',
  address: request.address,
  requestId: request.id,
})

const refreshFromCookie = (reply: Call<Route>['reply'], cookies: Record<string, string>): string => {
  const token = cookies[refreshCookie]
  if (!token) throw new AppError('unauthenticated', 'Send a refresh token, or sign in.')
  checkOrigin(reply.request)
  return token
}
