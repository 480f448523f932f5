import { type INestApplication, Injectable } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { VERSION } from '../../operations/version.js';
import { leaveOutDefaults } from './default-members.js';

/** The OpenAPI document of the routes under `/api`; it describes the code, so it is made once. */
@Injectable()
export class OpenapiDocument {
  #application: INestApplication | undefined;
  #document: OpenAPIObject | undefined;

  /** Says which application it describes; there is none yet when this is made. */
  describe(application: INestApplication): void {
    this.#application = application;
  }

  get(): OpenAPIObject {
    this.#document ??= this.#create();
    return this.#document;
  }

  #create(): OpenAPIObject {
    if (this.#application === undefined) throw new Error('No application is described.');
    const info = new DocumentBuilder()
      .setTitle('LLM Proxy')
      .setDescription('What the dashboard stands on. Times are ISO 8601 UTC.')
      .setVersion(VERSION)
      .addBearerAuth()
      .addSecurityRequirements('bearer')
      .build();
    const document = SwaggerModule.createDocument(this.#application, info, {
      // Paths are the same under every base path; the caller knows where the proxy is.
      ignoreGlobalPrefix: true,
    });
    const paths = Object.entries(document.paths).filter(([path]) => path.startsWith('/api/'));
    leaveOutDefaults(document);
    return { ...document, paths: Object.fromEntries(paths) };
  }
}
