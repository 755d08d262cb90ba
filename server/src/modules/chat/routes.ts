import { chatRoutes } from '@lyceum/contract/chat'
import { scopeOf } from '#platform/actor.ts'
import type { Mount } from '#platform/http/mount.ts'
import { deleteConversation, findTurn, getConversation, listConversations, listMessages } from './conversations.ts'
import { awaitAnswer, type Followed, followTurn, openTurn } from './follow.ts'
import type { ChatNeeds } from './needs.ts'
import { startTurnAs } from './start-turn.ts'
import type { Turns } from './turns.ts'

export const chatHttp = (mount: Mount, needs: ChatNeeds & { turns: Turns }): void => {
  const { db, journals, clock, turns } = needs

  mount(chatRoutes.ask, async ({ actor, body, request, once }) => {
    let begun: Followed | undefined
    const turnId = await once(async (id) => {
      const turn = await startTurnAs(id, needs, actor, body)
      if (!turn) return
      begun = { turn, events: journals.tailNew(scopeOf(actor), id) }
      turns.run(turn)
    })
    // The same call again gets the turn of the first.
    const { turn, events } = begun ?? (await openTurn(needs, actor, turnId))
    return (body.stream ?? request.acceptsEvents)
      ? { kind: 'events', events }
      : awaitAnswer(needs, actor, { turn, events })
  })

  mount(chatRoutes.stream, async ({ actor, params, request }) => ({
    kind: 'events',
    events: await followTurn(needs, actor, { turnId: params.turnId, lastSeq: request.lastEventId }),
  }))

  mount(chatRoutes.stop, async ({ actor, params }) => {
    await findTurn(db, actor, params.turnId)
    await journals.requestStop(actor, params.turnId)
  })

  mount(chatRoutes.conversations, ({ actor, query }) => listConversations(db, actor, query))
  mount(chatRoutes.conversation, ({ actor, params }) => getConversation(db, actor, params.id))
  mount(chatRoutes.messages, ({ actor, params, query }) => listMessages(db, actor, params.id, query))
  mount(chatRoutes.removeConversation, ({ actor, params }) => deleteConversation(db, actor, params.id, clock.now()))
}
