// Made by `npm run generate:api` from what the server says of itself. Not edited by hand.

export interface paths {
    "/api/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["LimitsController_list"];
        /** Makes or replaces the limit of a subject, or of one endpoint of it. */
        put: operations["LimitsController_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/limits/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["LimitsController_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/budgets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["BudgetsController_list"];
        put?: never;
        post: operations["BudgetsController_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/budgets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["BudgetsController_remove"];
        options?: never;
        head?: never;
        patch: operations["BudgetsController_change"];
        trace?: never;
    };
    "/api/clients/{id}/on-limit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["OnLimitController_get"];
        put: operations["OnLimitController_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/providers/{name}/breaker": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["BreakerController_show"];
        put?: never;
        post: operations["BreakerController_move"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["UsageExportController_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        LimitView: {
            id: string;
            /** @enum {string} */
            scope: "key" | "model" | "client" | "global" | "provider";
            /** @description Client id, key id, instance name or model name; empty for `global`. */
            scopeId: string;
            /** @description Null for all endpoints together. */
            endpoint: string | null;
            /** @description Null is unlimited; 0 lets nothing through. So are the other figures. */
            requestsPerMinute: number | null;
            tokensPerMinute: number | null;
            maxConcurrent: number | null;
            /**
             * @description Those of `config` are changed in the configuration file only.
             * @enum {string}
             */
            source: "api" | "config";
        };
        LimitPage: {
            items: components["schemas"]["LimitView"][];
            /** @description Null on the last page. */
            nextCursor: string | null;
        };
        LimitBody: {
            /** @enum {string} */
            scope: "global" | "client" | "key" | "provider" | "model";
            /** @description Client id, key id, instance name or model name; absent for `global`. */
            scopeId?: string | null;
            /** @enum {string|null} */
            endpoint?: "chat" | "completions" | "responses" | "messages" | "embeddings" | "images" | "image-edits" | "speech" | "transcriptions" | "translations" | "moderations" | "rerank" | null;
            requestsPerMinute?: number | null;
            tokensPerMinute?: number | null;
            maxConcurrent?: number | null;
        };
        BudgetView: {
            id: string;
            /** @enum {string} */
            scope: "key" | "client" | "global" | "provider";
            /** @description Client id, key id or instance name; empty for `global`. */
            scopeId: string;
            /** @description Whole nano-USD as text. */
            limitNanoUsd: string;
            limitUsd: number;
            /** @description Whole nano-USD as text, within the current period. */
            spentNanoUsd: string;
            spentUsd: number;
            /** @description Whole nano-USD as text, held for requests that are not settled yet. */
            reservedNanoUsd: string;
            reservedUsd: number;
            /** @enum {string} */
            period: "total" | "day" | "week" | "month";
            /** @description IANA name of the zone that periods begin in. */
            timeZone: string;
            /** @description Percentages of the limit whose reaching is told. */
            alerts: number[];
            /** @description ISO 8601; null for a total. */
            resetsAt: string | null;
            /**
             * @description Those of `config` are changed in the configuration file only.
             * @enum {string}
             */
            source: "api" | "config";
        };
        BudgetPage: {
            items: components["schemas"]["BudgetView"][];
            /** @description Null on the last page. */
            nextCursor: string | null;
        };
        BudgetBody: {
            /** @description USD as a number or a decimal text; this or `limitNanoUsd`. */
            limitUsd?: number | string;
            /** @description Whole nano-USD as text. */
            limitNanoUsd?: string;
            /** @enum {string} */
            scope: "global" | "client" | "key" | "provider";
            /** @description Client id, key id or instance name; absent for `global`. */
            scopeId?: string | null;
            /** @enum {string} */
            period: "total" | "day" | "week" | "month";
            timeZone?: string;
            /** @description Percentages of the limit whose reaching is told. */
            alerts?: number[];
        };
        BudgetChangeBody: {
            /** @description USD as a number or a decimal text; this or `limitNanoUsd`. */
            limitUsd?: number | string;
            /** @description Whole nano-USD as text. */
            limitNanoUsd?: string;
            /** @enum {string} */
            period?: "total" | "day" | "week" | "month";
            timeZone?: string;
            /** @description Percentages of the limit whose reaching is told. */
            alerts?: number[];
        };
        OnLimitView: {
            /** @enum {string} */
            onLimit: "reject" | "queue";
            queueMs: number | null;
        };
        OnLimitBody: {
            /** @enum {string} */
            onLimit: "reject" | "queue";
            /** @description Longest wait under `queue`, in milliseconds; a default when absent. */
            queueMs?: number;
        };
        ModelBreakerView: {
            model: string;
            /** @enum {string} */
            state: "open" | "closed" | "half-open";
        };
        BreakerView: {
            provider: string;
            /**
             * @description The worst of those that follow and the instance's own.
             * @enum {string}
             */
            state: "open" | "closed" | "half-open";
            /** @description Whether it can open at all. */
            enabled: boolean;
            /** @description Those of single models that were called, where the instance has any. */
            models: components["schemas"]["ModelBreakerView"][];
        };
        BreakerBody: {
            /** @enum {string} */
            action: "reset" | "open";
            /** @description Milliseconds that `open` lasts before one call probes; what the breaker itself would take when absent. */
            forMs?: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    LimitsController_list: {
        parameters: {
            query?: {
                /** @description Most items of one answer. */
                limit?: number;
                /** @description The `nextCursor` of the answer before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitPage"];
                };
            };
        };
    };
    LimitsController_put: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LimitBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitView"];
                };
            };
        };
    };
    LimitsController_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    BudgetsController_list: {
        parameters: {
            query?: {
                /** @description Most items of one answer. */
                limit?: number;
                /** @description The `nextCursor` of the answer before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BudgetPage"];
                };
            };
        };
    };
    BudgetsController_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BudgetBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BudgetView"];
                };
            };
        };
    };
    BudgetsController_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    BudgetsController_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BudgetChangeBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BudgetView"];
                };
            };
        };
    };
    OnLimitController_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OnLimitView"];
                };
            };
        };
    };
    OnLimitController_put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OnLimitBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OnLimitView"];
                };
            };
        };
    };
    BreakerController_show: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BreakerView"];
                };
            };
        };
    };
    BreakerController_move: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BreakerBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BreakerView"];
                };
            };
        };
    };
    UsageExportController_export: {
        parameters: {
            query?: {
                format?: "ndjson" | "csv";
                /** @description ISO 8601, inclusive; UTC where it names no offset. */
                from?: string;
                /** @description ISO 8601, exclusive; UTC where it names no offset. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
