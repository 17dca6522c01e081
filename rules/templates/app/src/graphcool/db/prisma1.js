// A Prisma 1 service as the database: README.md in this folder says what is asked of it.
//
// It is a thin client of our own. The official one (prisma-binding) tells the error of one request to all requests that
// it has put into the same batch, drops partial data and error codes, and knows no time-outs.
import { Model } from '../model.js';
import { answersOf } from './prisma1/answers.js';
import { documentsOf } from './prisma1/document.js';
import { Changes } from './prisma1/changes.js';
import { checkService } from './prisma1/check.js';
import { Http } from './prisma1/http.js';

export function openPrisma1({ endpoint, secret, model: json, timeout = 30000 }) {
  const model = new Model(json);
  const http = new Http({ endpoint, secret, timeout });
  const changes = new Changes({ endpoint, secret, model });
  return {
    async run(questions) {
      const documents = documentsOf(questions, model);
      const answers = await http.post(
        documents.map(({ query, variables }) => ({ query, variables })),
        {
          reads: documents.every(({ kind }) => kind === 'query'),
        },
      );
      return answersOf(questions, documents, answers);
    },
    subscribe: (question) => changes.subscribe(question),
    check: () => checkService(http, model),
    async close() {
      changes.close();
      http.close();
    },
  };
}
