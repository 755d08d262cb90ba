import { finished } from 'node:stream'
import { accountRoutes } from '@lyceum/contract/account'
import type { Route } from '@lyceum/contract/route'
import type { Call, Mount } from '#platform/http/mount.ts'
import type { AccountNeeds } from './accounts.ts'
import { createKey, listKeys, revokeKey } from './api-keys.ts'
import { codeMessage, makeCode } from './codes.ts'
import { changeEmail, changePassword, resetPassword } from './credentials.ts'
import { mailLanguage } from './messages.ts'
import { endOtherSessions, endOwnSession, listSessions } from './own-sessions.ts'
import { confirmSecondFactor, removeSecondFactor, secondFactorState, startSecondFactor } from './second-factor.ts'

export const accountHttp = (mount: Mount, needs: AccountNeeds): void => {
  mount(accountRoutes.requestCode, async ({ actor, body, request, reply }) => {
    const code = await makeCode(needs, actor, body)
    const language = mailLanguage(request.language)
    const message = () => codeMessage(needs.db, { ...body, code, actorId: actor?.id ?? null, language })
    afterAnswer(reply, () => needs.mailer.post(message))
  })
  mount(accountRoutes.resetPassword, ({ body, request }) => resetPassword(needs, body, request))
  mount(accountRoutes.changePassword, ({ actor, body }) => changePassword(needs, actor, body))
  mount(accountRoutes.changeEmail, ({ actor, body }) => changeEmail(needs, actor, body))

  mount(accountRoutes.listSessions, ({ actor }) => listSessions(needs, actor))
  mount(accountRoutes.endSession, ({ actor, params }) => endOwnSession(needs, actor, params.id))
  mount(accountRoutes.endOtherSessions, ({ actor }) => endOtherSessions(needs, actor))

  mount(accountRoutes.listKeys, ({ actor }) => listKeys(needs, actor))
  mount(accountRoutes.createKey, ({ actor, body }) => createKey(needs, actor, body))
  mount(accountRoutes.revokeKey, ({ actor, params }) => revokeKey(needs, actor, params.id))

  mount(accountRoutes.getSecondFactor, ({ actor }) => secondFactorState(needs, actor))
  mount(accountRoutes.startSecondFactor, ({ actor }) => startSecondFactor(needs, actor))
  mount(accountRoutes.confirmSecondFactor, ({ actor, body }) => confirmSecondFactor(needs, actor, body.code))
  mount(accountRoutes.removeSecondFactor, ({ actor, body }) => removeSecondFactor(needs, actor, body))

  mount(accountRoutes.keySet, async () => ({ keys: needs.keys.published }))
}

/** How long an answer takes must not tell what is done for it. */
const afterAnswer = ({ raw }: Call<Route>['reply'], act: () => void): void => {
  finished(raw, act)
}
