import { chatRoutes } from '@lyceum/contract/chat'
import { scopeOf } from '#platform/actor.ts'
import type { Mount } from '#platform/http/mount.ts'
import { deleteConversation, findTurn, getConversation, listConversations, listMessages } from './conversations.ts'
import { awaitAnswer, followTurn } from './follow.ts'
import type { ChatNeeds } from './needs.ts'
import { startTurn } from './start-turn.ts'
import type { Turns } from './turns.ts'

export const chatHttp = (mount: Mount, needs: ChatNeeds & { turns: Turns }): void => {
  const { db, journals, clock, turns } = needs

  mount(chatRoutes.ask, async ({ actor, body, request }) => {
    const turn = await startTurn(needs, actor, body)
    const events = journals.tailNew(scopeOf(actor), turn.id)
    turns.run(turn)
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
