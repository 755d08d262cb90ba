/** The OpenAPI 3.1 document, made from the contract. */
import { errorStatus } from '@lyceum/contract/errors'
import { Problem } from '@lyceum/contract/problem'
import type { Body, Reply, Route } from '@lyceum/contract/route'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'

type Json = Record<string, unknown>

export const openApiDocument = (routes: readonly Route[]): Json => {
  const paths: Record<string, Json> = {}
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Lyceum',
      version: '1',
      description:
        'An AI tutor that answers from your own material and proves each claim with the page it was read on.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/api/v1' }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'lyceum_access' },
      },
      schemas: { Problem: schemaOf(Problem, 'output'), ErrorCode: { type: 'string', enum: Object.keys(errorStatus) } },
    },
  }
}

const operationOf = (route: Route): Json => ({
  operationId: route.id,
  summary: route.summary,
  tags: [route.path.split('/')[1]],
  ...(route.prefix !== '/api' && { servers: [{ url: route.prefix || '/' }] }),
  security: route.auth === 'anyone' ? [] : [{ bearer: [] }, { cookie: [] }],
  parameters: [
    ...parametersOf(route.params, 'path'),
    ...parametersOf(route.query, 'query'),
    ...(route.idempotent ? [idempotencyKey] : []),
  ],
  ...(route.body && { requestBody: { required: true, content: contentOf(route.body) } }),
  responses: {
    ...answerOf(route.reply),
    default: {
      description: 'An error',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  },
})

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'The same key again within 24 hours is not done again, and gives the first answer.',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
}

const parametersOf = (schema: z.ZodType | undefined, place: 'path' | 'query'): Json[] => {
  if (!schema) return []
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }))
}

const contentOf = (body: Body): Json => {
  if (body.kind === 'raw') return { 'application/octet-stream': {} }
  const schema = schemaOf(body.schema, 'input')
  if (body.kind === 'json') return { 'application/json': { schema } }
  if (body.kind === 'form') return { 'application/x-www-form-urlencoded': { schema } }
  const properties = {
    ...(schema.properties as Json),
    file: { type: 'string', contentMediaType: 'application/octet-stream' },
  }
  return { 'multipart/form-data': { schema: { ...schema, properties, required: ['file'] } } }
}

const answerOf = (reply: Reply): Json => {
  const events = { 'text/event-stream': { schema: { type: 'string' } } }
  switch (reply.kind) {
    case 'json':
      return {
        [reply.status]: {
          description: 'Done',
          content: { 'application/json': { schema: schemaOf(reply.schema, 'output') } },
        },
      }
    case 'json_or_stream':
      return {
        200: {
          description: 'The answer, whole or as it comes',
          content: { 'application/json': { schema: schemaOf(reply.schema, 'output') }, ...events },
        },
      }
    case 'json_or_file':
      return {
        200: {
          description: 'Done; a file where one was asked for',
          content: {
            'application/json': { schema: schemaOf(reply.schema, 'output') },
            'application/octet-stream': {},
          },
        },
      }
    case 'empty':
      return { [reply.status]: { description: 'Done' } }
    case 'stream':
      return { 200: { description: 'Server-sent events: the AI SDK UI message stream, version 1', content: events } }
    case 'file':
      return { 200: { description: 'The file', content: { 'application/octet-stream': {} } } }
  }
}

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}

/** Answers the document; made once, when it is first asked for. */
export const openApiHttp = (http: FastifyInstance, routes: readonly Route[]): void => {
  let document: string | undefined
  for (const address of ['/api/v1/openapi.json', '/api/openapi.json']) {
    http.get(address, async (_request, reply) => {
      document ??= JSON.stringify(openApiDocument(routes))
      return reply.type('application/json; charset=utf-8').send(document)
    })
  }
}
