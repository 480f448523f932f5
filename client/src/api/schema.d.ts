// Made by `npm run generate:api` from what the server says of itself. Not edited by hand.

export interface paths {
    "/api/auth/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["AuthController_status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes the first administrator and signs them in. */
        post: operations["AuthController_setUp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["AuthController_login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The next access token, by the refresh cookie, which is replaced. */
        post: operations["AuthController_refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends the session of the refresh cookie, or of the access token. */
        post: operations["AuthController_logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/oidc/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["OidcController_start"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/oidc/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Leaves the refresh cookie; the page that it leads to asks for its access token by that. */
        get: operations["OidcController_callback"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/change-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends every other session. */
        post: operations["OwnAccountController_changePassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["OwnAccountController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["OwnAccountController_end"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["UsersController_list"];
        put?: never;
        post: operations["UsersController_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["UsersController_get"];
        put?: never;
        post?: never;
        delete: operations["UsersController_remove"];
        options?: never;
        head?: never;
        patch: operations["UsersController_change"];
        trace?: never;
    };
    "/api/users/{id}/reset-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A new temporary password; their sessions end. */
        post: operations["UsersController_resetPassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{id}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["UserSessionsController_list"];
        put?: never;
        post?: never;
        /** Signs them out everywhere. */
        delete: operations["UserSessionsController_endAll"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{id}/sessions/{sessionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["UserSessionsController_end"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/clients": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ClientsController_list"];
        put?: never;
        post: operations["ClientsController_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/clients/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ClientsController_get"];
        put?: never;
        post?: never;
        /** Refuses every key of the client from now on. Its usage stays, so its row does too. */
        delete: operations["ClientsController_remove"];
        options?: never;
        head?: never;
        patch: operations["ClientsController_change"];
        trace?: never;
    };
    "/api/clients/{id}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ClientKeysController_list"];
        put?: never;
        /** The answer is the only place where the key is ever shown. */
        post: operations["ClientKeysController_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/clients/{id}/keys/{keyId}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A new key; the old one stays good for the overlap. */
        post: operations["ClientKeysController_rotate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/clients/{id}/keys/{keyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Refused everywhere within a second. */
        delete: operations["ClientKeysController_revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
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
    "/api/providers/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Of a provider that is not saved. */
        post: operations["ProviderTestsController_testDraft"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/providers/{name}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["ProviderTestsController_test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ProvidersController_list"];
        put?: never;
        post: operations["ProvidersController_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/providers/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ProvidersController_get"];
        /** Everything anew; keys that are not given stay, unless the address changes. */
        put: operations["ProvidersController_replace"];
        post?: never;
        /** With its prices and switches; refused while routes lead to it. */
        delete: operations["ProvidersController_remove"];
        options?: never;
        head?: never;
        patch: operations["ProvidersController_change"];
        trace?: never;
    };
    "/api/provider-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ProviderTypesController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/providers/{name}/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ProviderHealthController_show"];
        put?: never;
        /** Holds in every process and after a restart. */
        post: operations["ProviderHealthController_decide"];
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
    "/api/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ModelsController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/models/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ModelsController_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch: operations["ModelsController_change"];
        trace?: never;
    };
    "/api/routes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["RoutesController_list"];
        put?: never;
        post: operations["RoutesController_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/routes/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["RoutesController_get"];
        put?: never;
        post?: never;
        delete: operations["RoutesController_remove"];
        options?: never;
        head?: never;
        patch: operations["RoutesController_change"];
        trace?: never;
    };
    "/api/clients/{id}/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the client has used, as a whole and by its keys and models. */
        get: operations["ClientUsageController_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was used within a range, and within the one of the same length before it. */
        get: operations["UsageController_getSummary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage/time-series": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Usage over time, in lines for the largest groups. */
        get: operations["UsageController_getTimeSeries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage/breakdown": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Usage by groups, with a total; also as CSV. */
        get: operations["UsageController_getBreakdown"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage/clients": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["UsageController_getClients"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["UsageController_getProviders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["UsageController_getModels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage/requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Closed requests, newest first. */
        get: operations["RequestsController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage/requests/histogram": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Requests over time by how they ended, from the roll-ups. */
        get: operations["RequestsController_histogram"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage/requests/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One request; the filter says among which ones it has neighbours. */
        get: operations["RequestsController_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage/requests/{id}/bodies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was said in it, as far as it is kept. */
        get: operations["RequestsController_bodies"];
        put?: never;
        post?: never;
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
    "/api/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["AuditController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same as CSV, without pages. */
        get: operations["AuditController_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/live/ticket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["LiveTicketController_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/system/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["SystemController_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/system/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["SystemController_logs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/system/backups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["BackupsController_list"];
        put?: never;
        post: operations["BackupsController_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/system/backups/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The file. */
        get: operations["BackupsController_download"];
        put?: never;
        post?: never;
        delete: operations["BackupsController_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/system/backups/{name}/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["BackupsController_verify"];
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
        OidcOfferView: {
            enabled: boolean;
            /** @description Name of the provider; null where there is none. */
            label: string | null;
        };
        PersonView: {
            id: string;
            email: string;
            name: string;
            /** @enum {string} */
            role: "viewer" | "operator" | "admin";
            /** @description Every route but those of signing in is closed until it is changed. */
            mustChangePassword: boolean;
        };
        StatusView: {
            /** @description By the access token or, without one, the refresh cookie; both are really checked. */
            signedIn: boolean;
            /** @description There is no administrator yet. */
            setupRequired: boolean;
            oidc: components["schemas"]["OidcOfferView"];
            user?: components["schemas"]["PersonView"];
        };
        SetupBody: {
            /** @description From the link that the start prints. */
            token: string;
            email: string;
            name: string;
            /** @description At least 12 characters. */
            password: string;
        };
        LoginView: {
            /** @description To be sent as `Authorization: Bearer`. */
            accessToken: string;
            /** @description Seconds until the access token has to be refreshed. */
            expiresIn: number;
            mustChangePassword: boolean;
            user: components["schemas"]["PersonView"];
        };
        LoginBody: {
            email: string;
            password: string;
        };
        ChangePasswordBody: {
            currentPassword: string;
            /** @description At least 12 characters. */
            newPassword: string;
        };
        SessionView: {
            id: string;
            /** @description ISO 8601, as all times. */
            createdAt: string;
            /** @description The last sign-in or refresh. */
            lastUsedAt: string;
            expiresAt: string;
            /** @description Where it was opened. */
            address: string | null;
            userAgent: string | null;
            /** @description The one that asks. */
            isCurrent: boolean;
        };
        SessionPage: {
            items: components["schemas"]["SessionView"][];
            /** @description Null on the last page. */
            nextCursor: string | null;
        };
        UserView: {
            id: string;
            email: string;
            name: string;
            /** @enum {string} */
            role: "viewer" | "operator" | "admin";
            isActive: boolean;
            mustChangePassword: boolean;
            /** @description Issuer of the single sign-on that they are known to; null where they use a password only. */
            oidcIssuer: string | null;
            /** @description ISO 8601, as all times. */
            createdAt: string;
            updatedAt: string;
            /** @description Null when they never signed in. */
            lastLoginAt: string | null;
        };
        UserPage: {
            items: components["schemas"]["UserView"][];
            /** @description Null on the last page. */
            nextCursor: string | null;
        };
        UserBody: {
            email: string;
            name: string;
            /** @enum {string} */
            role: "viewer" | "operator" | "admin";
            /** @description At least 12 characters, to be changed at the first sign-in; one is made when absent. */
            password?: string;
        };
        UserWithPasswordView: {
            id: string;
            email: string;
            name: string;
            /** @enum {string} */
            role: "viewer" | "operator" | "admin";
            isActive: boolean;
            mustChangePassword: boolean;
            /** @description Issuer of the single sign-on that they are known to; null where they use a password only. */
            oidcIssuer: string | null;
            /** @description ISO 8601, as all times. */
            createdAt: string;
            updatedAt: string;
            /** @description Null when they never signed in. */
            lastLoginAt: string | null;
            /** @description Shown this once; null when the caller chose it. */
            temporaryPassword: string | null;
        };
        UserChangeBody: {
            name?: string;
            /** @enum {string} */
            role?: "viewer" | "operator" | "admin";
            /** @description False ends their sessions and lets them in no more. */
            isActive?: boolean;
        };
        ClientLimitsView: {
            requestsPerMinute: number | null;
            tokensPerMinute: number | null;
            maxConcurrent: number | null;
        };
        ClientView: {
            id: string;
            name: string;
            description: string | null;
            /**
             * @description Who manages it: people, the configuration file (read-only here) or the demo.
             * @enum {string}
             */
            source: "api" | "config" | "demo";
            isActive: boolean;
            /** @description Null allows every model. */
            allowedModels: string[] | null;
            /** @description Milliseconds that a request may wait for a limit; 0 refuses it at once. */
            queueMs: number;
            limits: components["schemas"]["ClientLimitsView"];
            /** @description Keys that are good at this moment. */
            activeKeys: number;
            /** @description ISO 8601. */
            createdAt: string;
            updatedAt: string;
        };
        ClientPage: {
            items: components["schemas"]["ClientView"][];
            /** @description Null on the last page. */
            nextCursor: string | null;
        };
        ClientLimitsBody: {
            requestsPerMinute?: number | null;
            tokensPerMinute?: number | null;
            maxConcurrent?: number | null;
        };
        ClientBody: {
            /** @description Unique. */
            name: string;
            description?: string | null;
            /** @description Model names and `*` globs; null allows every model, an empty list none. */
            allowedModels?: string[] | null;
            /** @description False refuses every key of the client. */
            isActive?: boolean;
            /** @description Longest wait of a request that meets a limit, in milliseconds; 0 refuses it at once. */
            queueMs?: number;
            limits?: components["schemas"]["ClientLimitsBody"];
        };
        ClientChangeBody: {
            name?: string;
            description?: string | null;
            /** @description Model names and `*` globs; null allows every model, an empty list none. */
            allowedModels?: string[] | null;
            /** @description False refuses every key of the client. */
            isActive?: boolean;
            /** @description Longest wait of a request that meets a limit, in milliseconds; 0 refuses it at once. */
            queueMs?: number;
            limits?: components["schemas"]["ClientLimitsBody"];
        };
        ApiKeyView: {
            /** @description The public part of the key, which begins `sk-lp_` and then this. */
            id: string;
            clientId: string;
            clientName: string;
            /** @enum {string} */
            role: "admin" | "client";
            /** @enum {string} */
            source: "api" | "config" | "demo";
            /** @enum {string} */
            status: "active" | "expired" | "revoked" | "client_inactive";
            createdAt: string;
            expiresAt: string | null;
            revokedAt: string | null;
        };
        ApiKeyPage: {
            items: components["schemas"]["ApiKeyView"][];
            nextCursor: string | null;
        };
        ApiKeyBody: {
            /**
             * @description `admin` opens `/api` as well; making one takes that role.
             * @enum {string}
             */
            role?: "client" | "admin";
            /** @description ISO 8601; absent or null never expires. */
            expiresAt?: string | null;
        };
        NewApiKeyView: {
            /** @description The public part of the key, which begins `sk-lp_` and then this. */
            id: string;
            clientId: string;
            clientName: string;
            /** @enum {string} */
            role: "admin" | "client";
            /** @enum {string} */
            source: "api" | "config" | "demo";
            /** @enum {string} */
            status: "active" | "expired" | "revoked" | "client_inactive";
            createdAt: string;
            expiresAt: string | null;
            revokedAt: string | null;
            key: string;
        };
        RotateKeyBody: {
            /** @description How long the old key stays good beside the new one; 24 hours when absent, 0 ends it now. */
            overlapSeconds?: number;
            /** @description End of the new key; must be given, or null, when the old one has an end. */
            expiresAt?: string | null;
        };
        LimitView: {
            id: string;
            /** @enum {string} */
            scope: "key" | "model" | "client" | "global" | "provider";
            scopeId: string;
            endpoint: string | null;
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
            scopeId: string;
            limitNanoUsd: string;
            limitUsd: number;
            spentNanoUsd: string;
            spentUsd: number;
            reservedNanoUsd: string;
            reservedUsd: number;
            /** @enum {string} */
            period: "total" | "day" | "week" | "month";
            timeZone: string;
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
            /**
             * @description Longest wait under `queue`, in milliseconds.
             * @default 10000
             */
            queueMs: number;
            /** @enum {string} */
            onLimit: "reject" | "queue";
        };
        TimeoutsBody: {
            /** @description TCP and TLS. */
            connectMs?: number;
            /** @description From the sent request to the first byte of the answer. */
            firstByteMs?: number;
            /** @description Longest silence between two chunks. */
            idleMs?: number;
            /** @description The whole call. */
            totalMs?: number;
        };
        RetriesBody: {
            /** @description Calls of one request, the first one included. */
            maxAttempts?: number;
            /** @description Milliseconds before the first retry, in the mean. */
            baseMs?: number;
        };
        BreakerSettingsBody: {
            enabled?: boolean;
            /** @description Percent of failed calls at which it opens. */
            errorThresholdPercentage?: number;
            /** @description Calls below which it never opens. */
            volumeThreshold?: number;
            /** @description Milliseconds it looks back. */
            windowMs?: number;
            /** @description Milliseconds after which an open one lets a call probe. */
            resetTimeoutMs?: number;
            /** @description Milliseconds that this grows to while probes fail. */
            maxResetMs?: number;
            /** @description Each model has one of its own. */
            perModel?: boolean;
        };
        HealthSettingsBody: {
            /** @description `models`, `off`, or a cheap model as `{ model, maxTokens }`, whose answers cost. */
            probe?: ("models" | "off") | {
                model: string;
                maxTokens?: number;
            };
            /** @description Percent of failed calls above which a model is called only when no other can answer. */
            disableAboveErrorPercent?: number;
            /** @description Percent below which it is well again. */
            enableBelowErrorPercent?: number;
            /** @description Calls below which nothing is concluded. */
            minCalls?: number;
            /** @description Milliseconds it looks back. */
            windowMs?: number;
            /** @description Milliseconds between probes; 0 sends none. */
            probeIntervalMs?: number;
        };
        ProviderDraftBody: {
            model?: string;
            /** @description As in `GET /api/provider-types`. */
            type: string;
            /** @description https, and public unless `ALLOWED_PRIVATE_UPSTREAMS` lists it; that of the type when absent. */
            baseUrl?: string | null;
            /** @description Of the type `openai-compatible`: a known vendor. */
            preset?: string | null;
            /** @description Replaces all keys; they are never shown again. Must be given when the address changes. */
            apiKeys?: string[];
            /** @description False takes it out: its models are unknown to clients. */
            enabled?: boolean;
            timeouts?: components["schemas"]["TimeoutsBody"] | null;
            retries?: components["schemas"]["RetriesBody"] | null;
            breaker?: components["schemas"]["BreakerSettingsBody"] | null;
            health?: components["schemas"]["HealthSettingsBody"] | null;
            /** @description Connections that may be open. */
            maxConnections?: number | null;
            /**
             * @description What happens upstream when a client leaves.
             * @enum {string|null}
             */
            disconnect?: "cancel" | "drain" | null;
            /** @description Milliseconds to read on under `drain`. */
            drainMs?: number | null;
            /** @description Of the type, as `GET /api/provider-types` describes them. */
            settings?: {
                [key: string]: unknown;
            } | null;
        };
        ProviderTestErrorView: {
            /** @enum {string} */
            kind: "timeout" | "aborted" | "rejected" | "auth" | "rate_limited" | "failed" | "invalid_response" | "unavailable";
            /** @description The upstream's HTTP status, where there was one. */
            status: number | null;
            /** @description The upstream's own words, without keys and hosts. */
            message: string;
        };
        ProviderTestView: {
            ok: boolean;
            /**
             * @description What was asked for: the list of models, or a few tokens of a model.
             * @enum {string}
             */
            checked: "models" | "chat";
            model: string | null;
            /** @description Length of the list. */
            models: number | null;
            latencyMs: number;
            error: components["schemas"]["ProviderTestErrorView"] | null;
        };
        ProviderTestBody: {
            /** @description The vendor's id of a cheap model that is asked for a few tokens, which cost; the list of models when absent. */
            model?: string;
        };
        ProviderCapabilitiesView: {
            /** @description Dialects of clients that the vendor speaks itself; the others are translated. */
            dialects: ("chat" | "completions" | "responses" | "messages")[];
            embeddings: boolean;
            /** @description Whether it can be asked for its models. */
            listsModels: boolean;
            /** @description Further endpoints, such as `images/generations`. */
            endpoints: string[];
        };
        ProviderLimitsView: {
            requestsPerMinute: number | null;
            tokensPerMinute: number | null;
            maxConcurrent: number | null;
        };
        TimeoutsView: {
            connectMs: number;
            firstByteMs: number;
            idleMs: number;
            totalMs: number;
        };
        RetriesView: {
            maxAttempts: number;
            baseMs: number;
        };
        ProviderView: {
            name: string;
            type: string;
            /**
             * @description Who made it; only `stored` ones can be changed here.
             * @enum {string}
             */
            source: "file" | "environment" | "stored" | "demo";
            /** @description What manages it instead of people, such as `llm-proxy.yaml`; null where people do. */
            managedBy: string | null;
            /** @description Null where it has none that is usable. */
            baseUrl: string | null;
            preset: string | null;
            /** @description Masked, such as `sk-…abcd`. */
            keys: string[];
            enabled: boolean;
            /** @description Why it is not in force although it is enabled. */
            problems: string[];
            capabilities: components["schemas"]["ProviderCapabilitiesView"];
            /** @description Models that are listed for it. */
            models: number;
            /** @enum {string} */
            breaker: "open" | "closed" | "half-open";
            /** @enum {string} */
            health: "off" | "disabled" | "healthy" | "degraded";
            /**
             * @description Whether its health is found out, or was decided by hand.
             * @enum {string}
             */
            mode: "off" | "on" | "auto";
            limits: components["schemas"]["ProviderLimitsView"];
            timeouts: components["schemas"]["TimeoutsView"];
            retries: components["schemas"]["RetriesView"];
            /** @description Connections that may be open. */
            maxConnections: number;
            /** @enum {string} */
            disconnect: "cancel" | "drain";
            /** @description Milliseconds. */
            drainMs: number;
            settings: {
                [key: string]: unknown;
            };
        };
        ProviderPage: {
            items: components["schemas"]["ProviderView"][];
            /** @description Null on the last page. */
            nextCursor: string | null;
        };
        ProviderBody: {
            /** @description Unique; models are addressed `name/model`. */
            name: string;
            /** @description As in `GET /api/provider-types`. */
            type: string;
            /** @description https, and public unless `ALLOWED_PRIVATE_UPSTREAMS` lists it; that of the type when absent. */
            baseUrl?: string | null;
            /** @description Of the type `openai-compatible`: a known vendor. */
            preset?: string | null;
            /** @description Replaces all keys; they are never shown again. Must be given when the address changes. */
            apiKeys?: string[];
            /** @description False takes it out: its models are unknown to clients. */
            enabled?: boolean;
            timeouts?: components["schemas"]["TimeoutsBody"] | null;
            retries?: components["schemas"]["RetriesBody"] | null;
            breaker?: components["schemas"]["BreakerSettingsBody"] | null;
            health?: components["schemas"]["HealthSettingsBody"] | null;
            /** @description Connections that may be open. */
            maxConnections?: number | null;
            /**
             * @description What happens upstream when a client leaves.
             * @enum {string|null}
             */
            disconnect?: "cancel" | "drain" | null;
            /** @description Milliseconds to read on under `drain`. */
            drainMs?: number | null;
            /** @description Of the type, as `GET /api/provider-types` describes them. */
            settings?: {
                [key: string]: unknown;
            } | null;
        };
        ProviderReplaceBody: {
            /** @description As in `GET /api/provider-types`. */
            type: string;
            /** @description https, and public unless `ALLOWED_PRIVATE_UPSTREAMS` lists it; that of the type when absent. */
            baseUrl?: string | null;
            /** @description Of the type `openai-compatible`: a known vendor. */
            preset?: string | null;
            /** @description Replaces all keys; they are never shown again. Must be given when the address changes. */
            apiKeys?: string[];
            /** @description False takes it out: its models are unknown to clients. */
            enabled?: boolean;
            timeouts?: components["schemas"]["TimeoutsBody"] | null;
            retries?: components["schemas"]["RetriesBody"] | null;
            breaker?: components["schemas"]["BreakerSettingsBody"] | null;
            health?: components["schemas"]["HealthSettingsBody"] | null;
            /** @description Connections that may be open. */
            maxConnections?: number | null;
            /**
             * @description What happens upstream when a client leaves.
             * @enum {string|null}
             */
            disconnect?: "cancel" | "drain" | null;
            /** @description Milliseconds to read on under `drain`. */
            drainMs?: number | null;
            /** @description Of the type, as `GET /api/provider-types` describes them. */
            settings?: {
                [key: string]: unknown;
            } | null;
        };
        ProviderChangeBody: {
            type?: string;
            /** @description https, and public unless `ALLOWED_PRIVATE_UPSTREAMS` lists it; that of the type when absent. */
            baseUrl?: string | null;
            /** @description Of the type `openai-compatible`: a known vendor. */
            preset?: string | null;
            /** @description Replaces all keys; they are never shown again. Must be given when the address changes. */
            apiKeys?: string[];
            /** @description False takes it out: its models are unknown to clients. */
            enabled?: boolean;
            timeouts?: components["schemas"]["TimeoutsBody"] | null;
            retries?: components["schemas"]["RetriesBody"] | null;
            breaker?: components["schemas"]["BreakerSettingsBody"] | null;
            health?: components["schemas"]["HealthSettingsBody"] | null;
            /** @description Connections that may be open. */
            maxConnections?: number | null;
            /**
             * @description What happens upstream when a client leaves.
             * @enum {string|null}
             */
            disconnect?: "cancel" | "drain" | null;
            /** @description Milliseconds to read on under `drain`. */
            drainMs?: number | null;
            /** @description Of the type, as `GET /api/provider-types` describes them. */
            settings?: {
                [key: string]: unknown;
            } | null;
        };
        PresetView: {
            name: string;
            baseUrl: string | null;
            requiresApiKey: boolean;
        };
        ProviderTypeView: {
            type: string;
            /** @description For people. */
            label: string;
            requiresApiKey: boolean;
            /** @description Whether there is none that it would take by itself. */
            requiresBaseUrl: boolean;
            /** @description The one it takes when none is given. */
            baseUrl: string | null;
            listsModels: boolean;
            presets: components["schemas"]["PresetView"][];
            /** @description JSON Schema of `settings`; null where the type has none. */
            settings: {
                [key: string]: unknown;
            } | null;
        };
        ProviderTypeList: {
            items: components["schemas"]["ProviderTypeView"][];
        };
        TargetHealthView: {
            model: string;
            /** @enum {string} */
            state: "off" | "disabled" | "healthy" | "degraded";
            /** @description Share of failed calls of late, 0 to 1. */
            errorRate: number;
            inFlight: number;
            /** @description Milliseconds; null when nothing recent is known. */
            firstChunkMs: number | null;
            latencyMs: number | null;
            /** @description Milliseconds for which it asked not to be called. */
            pausedForMs: number;
        };
        ProviderHourView: {
            /** @description ISO 8601, inclusive. */
            from: string;
            requests: number;
            errors: number;
            /** @description Mean of whole answers, in milliseconds; null where nothing was measured. */
            latencyMs: number | null;
            /** @description Mean time to the first chunk of streams, in milliseconds. */
            firstChunkMs: number | null;
        };
        HealthChangeView: {
            /** @description ISO 8601. */
            at: string;
            /** @description Null where it is about the instance as a whole. */
            model: string | null;
            /** @enum {string} */
            state: "off" | "disabled" | "healthy" | "degraded";
        };
        ProviderHealthView: {
            provider: string;
            /** @enum {string} */
            state: "off" | "disabled" | "healthy" | "degraded";
            /** @enum {string} */
            mode: "off" | "on" | "auto";
            /** @description ISO 8601: of the last change of its state, or of the start of this process. */
            since: string;
            /** @enum {string} */
            breaker: "open" | "closed" | "half-open";
            /** @description Why it is not simply healthy. */
            reasons: ("paused" | "switched_off" | "kept_on" | "breaker_open" | "models_degraded" | "models_disabled" | "probes_failed")[];
            /** @description Kind of the last failure since the start of this process; null when there was none. */
            lastError: string | null;
            targets: components["schemas"]["TargetHealthView"][];
            /** @description Hours that had requests, from the ledger, oldest first. */
            hours: components["schemas"]["ProviderHourView"][];
            /** @description Of this process since its start, newest first. */
            changes: components["schemas"]["HealthChangeView"][];
        };
        ProviderModeBody: {
            /**
             * @description `off` is asked only when there is no other, `on` whatever its calls show, `auto` as they show.
             * @enum {string}
             */
            state: "on" | "off" | "auto";
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
        ModelCapabilitiesView: {
            inputs: ("text" | "image" | "file" | "embedding" | "audio" | "video")[] | null;
            outputs: ("text" | "image" | "file" | "embedding" | "audio" | "video")[] | null;
            tools: boolean | null;
            reasoning: boolean | null;
            structuredOutput: boolean | null;
        };
        ModelPriceView: {
            /**
             * @description `override` is of the file or of people, `imported` the bundled data.
             * @enum {string}
             */
            source: "override" | "simulated" | "imported" | "free";
            /** @description Package and version of imported data. */
            sourceVersion: string | null;
            /** @description Day or instant from which it holds, where the source says so. */
            effectiveFrom: string | null;
            input: number | null;
            cachedInput: number | null;
            cacheWrite: number | null;
            cacheWrite1h: number | null;
            output: number | null;
            outputReasoning: number | null;
            /** @description USD for each request, whatever its tokens. */
            perRequestUsd: number;
            /** @description Whether large inputs, service tiers or other units cost something else. */
            hasMore: boolean;
        };
        PriceOverrideView: {
            /** @description What is set here; of the file null, since it is read there. */
            prices: {
                [key: string]: unknown;
            }[] | null;
            /** @enum {string} */
            source: "file" | "stored";
        };
        ModelView: {
            /** @description What clients ask for: `instance/model`, or the public name. */
            id: string;
            /** @enum {string} */
            kind: "model" | "route";
            /** @description Of a public name: where it leads first; null when that is nowhere. */
            provider: string | null;
            model: string | null;
            displayName: string | null;
            ownedBy: string;
            /** @description False is unknown to clients. */
            enabled: boolean;
            capabilities: components["schemas"]["ModelCapabilitiesView"];
            /** @description Tokens of input and output together; null where nobody says. */
            contextTokens: number | null;
            maxOutputTokens: number | null;
            /** @description Null is unpriced, which is not free. */
            price: components["schemas"]["ModelPriceView"] | null;
            /** @description Null where the price is not overridden. */
            override: components["schemas"]["PriceOverrideView"] | null;
            /** @description Public names that lead to this model first. */
            aliases: string[];
            /** @description ISO 8601: begin of the hour of its last request; null when there was none for thirty days. */
            lastUsedAt: string | null;
        };
        ModelPage: {
            items: components["schemas"]["ModelView"][];
            /** @description Null on the last page. */
            nextCursor: string | null;
        };
        ModelChangeBody: {
            /** @description Entries as in `prices` of the configuration file, without the model; null takes the override away. */
            prices?: {
                [key: string]: unknown;
            }[] | null;
            /** @description False makes it unknown to clients. */
            enabled?: boolean;
            /** @description One more public name that leads here. */
            alias?: string;
        };
        RouteTargetView: {
            /** @description `instance/model`. */
            model: string;
            weight: number;
            tags: string[];
        };
        RouteHedgeView: {
            /** @description Milliseconds, or a percentile of what was seen. */
            afterMs: number | ("p90" | "p95" | "p99");
            maxExtraPercent: number;
            sameTarget: boolean;
        };
        RouteView: {
            name: string;
            /**
             * @description Those of the file can be changed only there.
             * @enum {string}
             */
            source: "file" | "stored";
            /** @description `llm-proxy.yaml`, or null where people manage it. */
            managedBy: string | null;
            enabled: boolean;
            /** @description Why it is not in force. */
            problems: string[];
            /** @enum {string} */
            strategy: "priority" | "weighted" | "round-robin" | "least-busy" | "latency" | "cost";
            /** @enum {string} */
            affinity: "session" | "user" | "client" | "none";
            targets: components["schemas"]["RouteTargetView"][];
            fallbacks: string[];
            contextFallbacks: string[];
            contentPolicyFallbacks: string[];
            hedge: components["schemas"]["RouteHedgeView"] | null;
        };
        RoutePage: {
            items: components["schemas"]["RouteView"][];
            /** @description Null on the last page. */
            nextCursor: string | null;
        };
        RouteTargetBody: {
            /** @description `instance/model`. */
            model: string;
            /** @description Share of requests under `weighted`; 1 when absent. */
            weight?: number;
            /** @description A request that names one of them goes to who has it. */
            tags?: string[];
        };
        RouteHedgeBody: {
            /** @description Milliseconds, or `p95`. */
            afterMs: number | ("p90" | "p95" | "p99");
            /** @description So many of 100 requests may be sent twice. */
            maxExtraPercent?: number;
            sameTarget?: boolean;
        };
        RouteBody: {
            /** @description Public name that clients ask for. */
            name: string;
            targets: components["schemas"]["RouteTargetBody"][];
            /** @enum {string} */
            strategy?: "priority" | "weighted" | "round-robin" | "least-busy" | "latency" | "cost";
            /**
             * @description What keeps to one target.
             * @enum {string}
             */
            affinity?: "session" | "user" | "client" | "none";
            /** @description `instance/model`, tried in order when no target answered. */
            fallbacks?: string[];
            /** @description For requests that are too long; public names too. */
            contextFallbacks?: string[];
            /** @description For requests whose content was refused; public names too. */
            contentPolicyFallbacks?: string[];
            /** @description Null takes it away. */
            hedge?: components["schemas"]["RouteHedgeBody"] | null;
        };
        RouteChangeBody: {
            targets?: components["schemas"]["RouteTargetBody"][];
            /** @enum {string} */
            strategy?: "priority" | "weighted" | "round-robin" | "least-busy" | "latency" | "cost";
            /**
             * @description What keeps to one target.
             * @enum {string}
             */
            affinity?: "session" | "user" | "client" | "none";
            /** @description `instance/model`, tried in order when no target answered. */
            fallbacks?: string[];
            /** @description For requests that are too long; public names too. */
            contextFallbacks?: string[];
            /** @description For requests whose content was refused; public names too. */
            contentPolicyFallbacks?: string[];
            /** @description Null takes it away. */
            hedge?: components["schemas"]["RouteHedgeBody"] | null;
        };
        PeriodUsageView: {
            /**
             * @description What the percentiles are of: `all` requests exactly, all of them counted by `steps` (a tenth off at most), or the `newest` thousand.
             * @enum {string}
             */
            percentileBasis: "all" | "steps" | "newest";
            /** @description ISO 8601, inclusive. A little before what was asked for where only whole hours are left in the books. */
            from: string;
            /** @description ISO 8601, exclusive. */
            to: string;
            requests: number;
            /** @description Requests that ended as `error`, `interrupted` or `rejected`; not those that their client broke off. */
            errors: number;
            /** @description Errors among requests, from 0 to 1; null without requests. */
            errorRate: number | null;
            /** @description All input, tokens from a cache and those written into one included. */
            inputTokens: number;
            /** @description Input that the provider had in its cache. */
            cachedInputTokens: number;
            cacheWriteTokens: number;
            /** @description All output, reasoning included. */
            outputTokens: number;
            reasoningTokens: number;
            /** @description Whole billionths of a US dollar, as text. Requests without a price add nothing to it. */
            costNanoUsd: string;
            /** @description The same in US dollars, for display. */
            costUsd: number;
            /** @description What providers said that they charged, where they do; whole nano-USD as text. */
            providerCostNanoUsd: string;
            /** @description Requests whose cost is not known because their model has no price. */
            unpricedRequests: number;
            /** @description Requests whose tokens the provider did not tell, or not all of them. */
            estimatedRequests: number;
            /** @description Mean time from the arrival of a request to the end of its answer, in milliseconds. */
            meanLatencyMs: number | null;
            /** @description Mean time to the first chunk of streamed answers, in milliseconds. */
            meanFirstChunkMs: number | null;
            /** @description Half of the requests took at most so long. Null where latencies are not kept by that. */
            latencyP50Ms: number | null;
            /** @description Nineteen in twenty took at most so long. */
            latencyP95Ms: number | null;
            /** @description The same of the time to the first chunk of streams. */
            firstChunkP50Ms: number | null;
            firstChunkP95Ms: number | null;
        };
        UsageGroupView: {
            /** @description Id of the client or key, name of the provider, `provider/model`, or status. */
            id: string;
            /** @description For people. */
            name: string;
            /** @description Of a client or a key; null otherwise. */
            clientId: string | null;
            /** @description Of a provider or a model; null otherwise. */
            provider: string | null;
            /** @description The provider's own name of a model; null otherwise. */
            model: string | null;
            requests: number;
            /** @description Requests that ended as `error`, `interrupted` or `rejected`; not those that their client broke off. */
            errors: number;
            /** @description Errors among requests, from 0 to 1; null without requests. */
            errorRate: number | null;
            /** @description All input, tokens from a cache and those written into one included. */
            inputTokens: number;
            /** @description Input that the provider had in its cache. */
            cachedInputTokens: number;
            cacheWriteTokens: number;
            /** @description All output, reasoning included. */
            outputTokens: number;
            reasoningTokens: number;
            /** @description Whole billionths of a US dollar, as text. Requests without a price add nothing to it. */
            costNanoUsd: string;
            /** @description The same in US dollars, for display. */
            costUsd: number;
            /** @description What providers said that they charged, where they do; whole nano-USD as text. */
            providerCostNanoUsd: string;
            /** @description Requests whose cost is not known because their model has no price. */
            unpricedRequests: number;
            /** @description Requests whose tokens the provider did not tell, or not all of them. */
            estimatedRequests: number;
            /** @description Mean time from the arrival of a request to the end of its answer, in milliseconds. */
            meanLatencyMs: number | null;
            /** @description Mean time to the first chunk of streamed answers, in milliseconds. */
            meanFirstChunkMs: number | null;
            /** @description Half of the requests took at most so long. Null where latencies are not kept by that. */
            latencyP50Ms: number | null;
            /** @description Nineteen in twenty took at most so long. */
            latencyP95Ms: number | null;
            /** @description The same of the time to the first chunk of streams. */
            firstChunkP50Ms: number | null;
            firstChunkP95Ms: number | null;
        };
        ClientUsageView: {
            /**
             * @description What the percentiles are of: `all` requests exactly, all of them counted by `steps` (a tenth off at most), or the `newest` thousand.
             * @enum {string}
             */
            percentileBasis: "all" | "steps" | "newest";
            /** @description The period of the same length before, to compare with. */
            before: components["schemas"]["PeriodUsageView"];
            /** @description The dearest first. */
            keys: components["schemas"]["UsageGroupView"][];
            /** @description The dearest first. */
            models: components["schemas"]["UsageGroupView"][];
            /** @description ISO 8601, inclusive. A little before what was asked for where only whole hours are left in the books. */
            from: string;
            /** @description ISO 8601, exclusive. */
            to: string;
            requests: number;
            /** @description Requests that ended as `error`, `interrupted` or `rejected`; not those that their client broke off. */
            errors: number;
            /** @description Errors among requests, from 0 to 1; null without requests. */
            errorRate: number | null;
            /** @description All input, tokens from a cache and those written into one included. */
            inputTokens: number;
            /** @description Input that the provider had in its cache. */
            cachedInputTokens: number;
            cacheWriteTokens: number;
            /** @description All output, reasoning included. */
            outputTokens: number;
            reasoningTokens: number;
            /** @description Whole billionths of a US dollar, as text. Requests without a price add nothing to it. */
            costNanoUsd: string;
            /** @description The same in US dollars, for display. */
            costUsd: number;
            /** @description What providers said that they charged, where they do; whole nano-USD as text. */
            providerCostNanoUsd: string;
            /** @description Requests whose cost is not known because their model has no price. */
            unpricedRequests: number;
            /** @description Requests whose tokens the provider did not tell, or not all of them. */
            estimatedRequests: number;
            /** @description Mean time from the arrival of a request to the end of its answer, in milliseconds. */
            meanLatencyMs: number | null;
            /** @description Mean time to the first chunk of streamed answers, in milliseconds. */
            meanFirstChunkMs: number | null;
            /** @description Half of the requests took at most so long. Null where latencies are not kept by that. */
            latencyP50Ms: number | null;
            /** @description Nineteen in twenty took at most so long. */
            latencyP95Ms: number | null;
            /** @description The same of the time to the first chunk of streams. */
            firstChunkP50Ms: number | null;
            firstChunkP95Ms: number | null;
        };
        UsageSummaryView: {
            /**
             * @description What the percentiles are of: `all` requests exactly, all of them counted by `steps` (a tenth off at most), or the `newest` thousand.
             * @enum {string}
             */
            percentileBasis: "all" | "steps" | "newest";
            /** @description ISO 8601, inclusive. A little before what was asked for where only whole hours are left in the books. */
            from: string;
            /** @description ISO 8601, exclusive. */
            to: string;
            requests: number;
            /** @description Requests that ended as `error`, `interrupted` or `rejected`; not those that their client broke off. */
            errors: number;
            /** @description Errors among requests, from 0 to 1; null without requests. */
            errorRate: number | null;
            /** @description All input, tokens from a cache and those written into one included. */
            inputTokens: number;
            /** @description Input that the provider had in its cache. */
            cachedInputTokens: number;
            cacheWriteTokens: number;
            /** @description All output, reasoning included. */
            outputTokens: number;
            reasoningTokens: number;
            /** @description Whole billionths of a US dollar, as text. Requests without a price add nothing to it. */
            costNanoUsd: string;
            /** @description The same in US dollars, for display. */
            costUsd: number;
            /** @description What providers said that they charged, where they do; whole nano-USD as text. */
            providerCostNanoUsd: string;
            /** @description Requests whose cost is not known because their model has no price. */
            unpricedRequests: number;
            /** @description Requests whose tokens the provider did not tell, or not all of them. */
            estimatedRequests: number;
            /** @description Mean time from the arrival of a request to the end of its answer, in milliseconds. */
            meanLatencyMs: number | null;
            /** @description Mean time to the first chunk of streamed answers, in milliseconds. */
            meanFirstChunkMs: number | null;
            /** @description Half of the requests took at most so long. Null where latencies are not kept by that. */
            latencyP50Ms: number | null;
            /** @description Nineteen in twenty took at most so long. */
            latencyP95Ms: number | null;
            /** @description The same of the time to the first chunk of streams. */
            firstChunkP50Ms: number | null;
            firstChunkP95Ms: number | null;
            /** @description The period before, to compare with. */
            before: components["schemas"]["PeriodUsageView"];
            /** @description Streams that are open at this moment, whatever the range. */
            activeStreams: number;
        };
        UsagePointView: {
            /** @description ISO 8601, inclusive. */
            from: string;
            /** @description ISO 8601, exclusive. */
            to: string;
        };
        UsageLineView: {
            /** @description One for each point. Cost is in US dollars, times in milliseconds; null where there is nothing to be a share of. */
            values: (number | null)[];
            /** @description As in the break-down; null for everything that has no line of its own. */
            id: string | null;
            /** @description For people; null for everything that has no line of its own. */
            name: string | null;
            /** @description The exact cost of each point in whole nano-USD, as text; null unless the metric is the cost. */
            nanoUsd: string[] | null;
        };
        UsageTimeSeriesView: {
            /** @enum {string} */
            metric: "requests" | "errors" | "errorRate" | "tokens" | "inputTokens" | "cachedInputTokens" | "cacheWriteTokens" | "outputTokens" | "reasoningTokens" | "cost" | "unpricedRequests" | "estimatedRequests" | "meanLatency" | "meanFirstChunk" | "latencyP50" | "latencyP95" | "firstChunkP50" | "firstChunkP95";
            /** @enum {string} */
            interval: "minute" | "hour" | "day";
            /** @description ISO 8601, inclusive. */
            from: string;
            /** @description ISO 8601, exclusive. */
            to: string;
            /** @description In which days begin. */
            timeZone: string;
            points: components["schemas"]["UsagePointView"][];
            /** @description The largest first; what has no line of its own comes last. */
            lines: components["schemas"]["UsageLineView"][];
        };
        UsageFiguresView: {
            requests: number;
            /** @description Requests that ended as `error`, `interrupted` or `rejected`; not those that their client broke off. */
            errors: number;
            /** @description Errors among requests, from 0 to 1; null without requests. */
            errorRate: number | null;
            /** @description All input, tokens from a cache and those written into one included. */
            inputTokens: number;
            /** @description Input that the provider had in its cache. */
            cachedInputTokens: number;
            cacheWriteTokens: number;
            /** @description All output, reasoning included. */
            outputTokens: number;
            reasoningTokens: number;
            /** @description Whole billionths of a US dollar, as text. Requests without a price add nothing to it. */
            costNanoUsd: string;
            /** @description The same in US dollars, for display. */
            costUsd: number;
            /** @description What providers said that they charged, where they do; whole nano-USD as text. */
            providerCostNanoUsd: string;
            /** @description Requests whose cost is not known because their model has no price. */
            unpricedRequests: number;
            /** @description Requests whose tokens the provider did not tell, or not all of them. */
            estimatedRequests: number;
            /** @description Mean time from the arrival of a request to the end of its answer, in milliseconds. */
            meanLatencyMs: number | null;
            /** @description Mean time to the first chunk of streamed answers, in milliseconds. */
            meanFirstChunkMs: number | null;
            /** @description Half of the requests took at most so long. Null where latencies are not kept by that. */
            latencyP50Ms: number | null;
            /** @description Nineteen in twenty took at most so long. */
            latencyP95Ms: number | null;
            /** @description The same of the time to the first chunk of streams. */
            firstChunkP50Ms: number | null;
            firstChunkP95Ms: number | null;
        };
        UsageBreakdownView: {
            /** @description ISO 8601, inclusive. */
            from: string;
            /** @description ISO 8601, exclusive. */
            to: string;
            items: components["schemas"]["UsageGroupView"][];
            total: components["schemas"]["UsageFiguresView"];
            /** @description All items are in one answer. */
            nextCursor: string | null;
        };
        RequestRowView: {
            id: string;
            /** @description When it was admitted, ISO 8601. */
            createdAt: string;
            clientId: string;
            clientName: string;
            apiKeyId: string;
            /** @description Route of the client API, such as `chat`. */
            dialect: string;
            requestedModel: string;
            /** @description Who answered, or was asked last. */
            provider: string;
            model: string;
            /** @description `open`, `ok`, `error`, `client_aborted`, `interrupted` or `rejected`. */
            status: string;
            httpStatus: number | null;
            errorCode: string | null;
            stream: boolean;
            /** @description Calls of providers. */
            attempts: number;
            inputTokens: number;
            cachedInputTokens: number;
            outputTokens: number;
            reasoningTokens: number;
            /** @description Whole nano-USD as text; null when the model has no price. */
            costNanoUsd: string | null;
            /** @description US dollars, for display. */
            costUsd: number | null;
            /** @description The provider told less than all of its tokens. */
            estimated: boolean;
            cacheHit: boolean;
            hasImages: boolean;
            /** @description Milliseconds from its arrival to the end of its answer. */
            latencyMs: number | null;
            /** @description Milliseconds to the first chunk of a stream. */
            firstChunkMs: number | null;
        };
        RequestPage: {
            items: components["schemas"]["RequestRowView"][];
            /** @description Null on the last page. */
            nextCursor: string | null;
            /** @description Set where the search stopped before it had found enough: nothing before this was looked at yet. ISO 8601. */
            searchedUntil: string | null;
        };
        RequestHistogramView: {
            /** @enum {string} */
            metric: "requests" | "errors" | "errorRate" | "tokens" | "inputTokens" | "cachedInputTokens" | "cacheWriteTokens" | "outputTokens" | "reasoningTokens" | "cost" | "unpricedRequests" | "estimatedRequests" | "meanLatency" | "meanFirstChunk" | "latencyP50" | "latencyP95" | "firstChunkP50" | "firstChunkP95";
            /** @enum {string} */
            interval: "minute" | "hour" | "day";
            /** @description ISO 8601, inclusive. */
            from: string;
            /** @description ISO 8601, exclusive. */
            to: string;
            /** @description In which days begin. */
            timeZone: string;
            points: components["schemas"]["UsagePointView"][];
            /** @description The largest first; what has no line of its own comes last. */
            lines: components["schemas"]["UsageLineView"][];
            /** @description Names of filters that the roll-ups know nothing of: the counts are those without them. */
            notApplied: string[];
        };
        TranslatedFieldView: {
            field: string;
            /** @description `mapped`, `emulated`, `approximated` or `dropped`. */
            outcome: string;
        };
        RequestAttemptView: {
            provider: string;
            model: string;
            /** @description `ok`, `error` or `aborted`. */
            status: string;
            /** @description The kind of failure. */
            error: string | null;
            httpStatus: number | null;
            /** @description Milliseconds after the arrival of the request. */
            startedMs: number;
            durationMs: number;
            /** @description Why nothing else was tried: `budget`, `deadline` or `calls`. */
            stoppedBy: string | null;
            /** @description One of two calls for the same answer. */
            hedge: boolean;
        };
        RequestReservationView: {
            /** @description ISO 8601. */
            createdAt: string;
            /** @description Input tokens as they were estimated. */
            inputTokens: number;
            /** @description Money that was set aside, whole nano-USD as text; null where nobody has a budget. */
            reservedNanoUsd: string | null;
        };
        RequestBookingView: {
            /** @description `settled`, `interrupted` or `adjusted`. */
            kind: string;
            /** @description ISO 8601. */
            recordedAt: string;
            status: string;
            provider: string;
            model: string;
            inputTokens: number;
            outputTokens: number;
            /** @description Whole nano-USD as text; null when the model had no price. */
            costNanoUsd: string | null;
        };
        AppliedPriceView: {
            /** @description The whole price, with rates in pico-USD. */
            price: {
                [key: string]: unknown;
            };
            id: string;
            /** @description `override`, `imported`, `free` or `simulated`. */
            source: string;
            /** @description Package and version of imported prices. */
            sourceVersion: string | null;
            /** @description From when on the source says that it holds. */
            effectiveFrom: string | null;
        };
        CostPartView: {
            /** @description Kind of token, unit, `webSearch` or `request`. */
            of: string;
            count: number;
            /** @description Trillionths of a US dollar for each. */
            picoUsdEach: number;
            /** @description Whole pico-USD as text; their sum, rounded half up, is the cost. */
            picoUsd: string;
            /** @description US dollars, for display. */
            costUsd: number;
        };
        RequestBodyStateView: {
            /** @enum {string} */
            kind: "client_request" | "upstream_request" | "answer";
            /** @enum {string} */
            state: "disabled" | "not_captured" | "expired" | "truncated" | "redacted" | "stored";
            /** @description Of the whole body; null where it is not kept. */
            bytes: number | null;
            /** @description Something that looked like a key is masked, also where it is truncated. */
            redacted: boolean;
        };
        RequestDetailsView: {
            /** @description What was used that is no token, such as `{"image":2}`. */
            units: {
                [key: string]: unknown;
            } | null;
            /** @description The vendor's own words about usage. */
            usageRaw: {
                [key: string]: unknown;
            } | null;
            cacheWriteTokens: number;
            inputAudioTokens: number;
            inputImageTokens: number;
            outputAudioTokens: number;
            outputImageTokens: number;
            webSearches: number;
            /** @description What the provider says that it charged, whole nano-USD as text. */
            providerCostNanoUsd: string | null;
            /** @description `standard_tier_rates`: the price has no rates for the tier that was served. */
            priceNote: string | null;
            serviceTier: string | null;
            upstreamRequestId: string | null;
            tags: string | null;
            user: string | null;
            session: string | null;
            /** @description Why it went where it went, such as `strategy=weighted`; null where that is plain. */
            route: string | null;
            /** @description Null where everything was passed as it came. */
            translation: components["schemas"]["TranslatedFieldView"][] | null;
            /** @description The calls of providers, in their order. */
            legs: components["schemas"]["RequestAttemptView"][];
            reservation: components["schemas"]["RequestReservationView"];
            /** @description Null while the request is open. */
            settlement: components["schemas"]["RequestBookingView"] | null;
            /** @description What was booked in place of it later, in that order. */
            corrections: components["schemas"]["RequestBookingView"][];
            /** @description Null when the model has no price. */
            price: components["schemas"]["AppliedPriceView"] | null;
            cost: components["schemas"]["CostPartView"][];
            bodies: components["schemas"]["RequestBodyStateView"][];
            /** @description The next newer request within the filter of the query. */
            newerId: string | null;
            /** @description The next older one. */
            olderId: string | null;
            id: string;
            /** @description When it was admitted, ISO 8601. */
            createdAt: string;
            clientId: string;
            clientName: string;
            apiKeyId: string;
            /** @description Route of the client API, such as `chat`. */
            dialect: string;
            requestedModel: string;
            /** @description Who answered, or was asked last. */
            provider: string;
            model: string;
            /** @description `open`, `ok`, `error`, `client_aborted`, `interrupted` or `rejected`. */
            status: string;
            httpStatus: number | null;
            errorCode: string | null;
            stream: boolean;
            /** @description Calls of providers. */
            attempts: number;
            inputTokens: number;
            cachedInputTokens: number;
            outputTokens: number;
            reasoningTokens: number;
            /** @description Whole nano-USD as text; null when the model has no price. */
            costNanoUsd: string | null;
            /** @description US dollars, for display. */
            costUsd: number | null;
            /** @description The provider told less than all of its tokens. */
            estimated: boolean;
            cacheHit: boolean;
            hasImages: boolean;
            /** @description Milliseconds from its arrival to the end of its answer. */
            latencyMs: number | null;
            /** @description Milliseconds to the first chunk of a stream. */
            firstChunkMs: number | null;
        };
        RequestBodyView: {
            /** @enum {string} */
            kind: "client_request" | "upstream_request" | "answer";
            /** @description As it went over the wire: JSON, or the events of a stream. */
            text: string;
            /** @description Of the whole body in UTF-8. */
            bytes: number;
            /** @description Only its beginning is kept. */
            truncated: boolean;
            /** @description Something that looked like a key is masked. */
            redacted: boolean;
        };
        RequestBodiesView: {
            items: components["schemas"]["RequestBodyView"][];
            /** @description There are three at most. */
            nextCursor: string | null;
        };
        AuditActorView: {
            kind: string;
            /** @description User id or key id; empty for a command and the process itself. */
            id: string;
            /** @description E-mail address, client name, name of the operating system's user, or `system`. */
            name: string;
        };
        AuditSubjectView: {
            type: string;
            id: string;
            /** @description Its name at that moment. */
            name: string;
        };
        AuditEntryView: {
            /** @description As the API showed it; null when there was none. */
            before: {
                [key: string]: unknown;
            } | null;
            after: {
                [key: string]: unknown;
            } | null;
            id: string;
            /** @description ISO 8601. */
            createdAt: string;
            actor: components["schemas"]["AuditActorView"];
            /** @description What was done, such as `client.update`. */
            action: string;
            subject: components["schemas"]["AuditSubjectView"];
            /** @description Null for what no request did. */
            requestId: string | null;
            /** @description Network address that the request came from. */
            address: string | null;
        };
        AuditPage: {
            items: components["schemas"]["AuditEntryView"][];
            /** @description Null on the last page. */
            nextCursor: string | null;
        };
        LiveTicketView: {
            /** @description To be sent as `?ticket=`. */
            ticket: string;
            /** @description ISO 8601. */
            expiresAt: string;
        };
        MemoryView: {
            /** @description Resident. */
            rssBytes: number;
            heapUsedBytes: number;
            heapTotalBytes: number;
            externalBytes: number;
            arrayBuffersBytes: number;
            /** @description What the process may have: of the container, or else of the machine. */
            limitBytes: number;
        };
        EventLoopView: {
            /** @description Mean milliseconds that it was late in the last half second; null while it is not measured. */
            lagMs: number | null;
            /** @description Share of the time since the start that it was busy, 0 to 1. */
            utilization: number;
        };
        QueueView: {
            queue: string;
            /** @description What waits in it. */
            depth: number;
        };
        PoolView: {
            provider: string;
            connected: number;
            /** @description Of those, the ones that do nothing. */
            free: number;
            /** @description Calls that wait for a connection. */
            pending: number;
            running: number;
        };
        DatabaseSizeView: {
            /** @enum {string} */
            kind: "sqlite" | "postgres";
            answers: boolean;
            /** @description Null when it does not answer. */
            bytes: number | null;
            /** @description Of what is written but not yet copied back; null where nobody can tell. */
            walBytes: number | null;
        };
        ProcessView: {
            id: string;
            pid: number;
            /** @description ISO 8601. */
            startedAt: string;
            heartbeatAt: string;
            /** @description Whether it is the one that answers here. */
            isThis: boolean;
        };
        SystemHealthView: {
            /** @description What is not as it should be, in words; empty when all is well. */
            degraded: string[];
            version: string;
            /** @description Of Node.js. */
            node: string;
            uptimeSeconds: number;
            memory: components["schemas"]["MemoryView"];
            eventLoop: components["schemas"]["EventLoopView"];
            /** @description Requests that are being answered. */
            inFlight: number;
            openReservations: number;
            queues: components["schemas"]["QueueView"][];
            pools: components["schemas"]["PoolView"][];
            database: components["schemas"]["DatabaseSizeView"];
            processes: components["schemas"]["ProcessView"][];
        };
        LogLineView: {
            /** @description What else it says. */
            fields: {
                [key: string]: unknown;
            };
            /** @description Counts from 1 since the process began. */
            number: number;
            /** @description ISO 8601. */
            time: string;
            level: string;
            message: string;
        };
        LogPage: {
            items: components["schemas"]["LogLineView"][];
            /** @description Null on the last page. */
            nextCursor: string | null;
        };
        BackupView: {
            name: string;
            /** @description ISO 8601. */
            createdAt: string;
            bytes: number;
        };
        BackupPage: {
            items: components["schemas"]["BackupView"][];
            /** @description There is one page. */
            nextCursor: string | null;
        };
        BackupInvariantView: {
            name: string;
            says: string;
            /** @description What was looked at. */
            checked: number;
            /** @description Of `I5`, requests that were in flight: a start over the copy closes them. */
            violations: number;
        };
        BackupVerdictView: {
            ok: boolean;
            /** @description `ok`, or the first thing that is wrong with the file. */
            integrity: string;
            invariants: components["schemas"]["BackupInvariantView"][];
            /** @description Migrations in it that this version does not know. */
            unknownMigrations: string[];
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
    AuthController_status: {
        parameters: {
            query?: never;
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
                    "application/json": components["schemas"]["StatusView"];
                };
            };
        };
    };
    AuthController_setUp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetupBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoginView"];
                };
            };
        };
    };
    AuthController_login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LoginBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoginView"];
                };
            };
        };
    };
    AuthController_refresh: {
        parameters: {
            query?: never;
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
                    "application/json": components["schemas"]["LoginView"];
                };
            };
        };
    };
    AuthController_logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
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
    OidcController_start: {
        parameters: {
            query?: never;
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
    OidcController_callback: {
        parameters: {
            query?: never;
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
    OwnAccountController_changePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePasswordBody"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    OwnAccountController_list: {
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
                    "application/json": components["schemas"]["SessionPage"];
                };
            };
        };
    };
    OwnAccountController_end: {
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
    UsersController_list: {
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
                    "application/json": components["schemas"]["UserPage"];
                };
            };
        };
    };
    UsersController_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserWithPasswordView"];
                };
            };
        };
    };
    UsersController_get: {
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
                    "application/json": components["schemas"]["UserView"];
                };
            };
        };
    };
    UsersController_remove: {
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
    UsersController_change: {
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
                "application/json": components["schemas"]["UserChangeBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserView"];
                };
            };
        };
    };
    UsersController_resetPassword: {
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
                    "application/json": components["schemas"]["UserWithPasswordView"];
                };
            };
        };
    };
    UserSessionsController_list: {
        parameters: {
            query?: {
                /** @description Most items of one answer. */
                limit?: number;
                /** @description The `nextCursor` of the answer before. */
                cursor?: string;
            };
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
                    "application/json": components["schemas"]["SessionPage"];
                };
            };
        };
    };
    UserSessionsController_endAll: {
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
    UserSessionsController_end: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                sessionId: string;
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
    ClientsController_list: {
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
                    "application/json": components["schemas"]["ClientPage"];
                };
            };
        };
    };
    ClientsController_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClientBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClientView"];
                };
            };
        };
    };
    ClientsController_get: {
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
                    "application/json": components["schemas"]["ClientView"];
                };
            };
        };
    };
    ClientsController_remove: {
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
    ClientsController_change: {
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
                "application/json": components["schemas"]["ClientChangeBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClientView"];
                };
            };
        };
    };
    ClientKeysController_list: {
        parameters: {
            query?: {
                /** @description Most items of one answer. */
                limit?: number;
                /** @description The `nextCursor` of the answer before. */
                cursor?: string;
            };
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
                    "application/json": components["schemas"]["ApiKeyPage"];
                };
            };
        };
    };
    ClientKeysController_create: {
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
                "application/json": components["schemas"]["ApiKeyBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewApiKeyView"];
                };
            };
        };
    };
    ClientKeysController_rotate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                keyId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RotateKeyBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewApiKeyView"];
                };
            };
        };
    };
    ClientKeysController_revoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                keyId: string;
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
                    "application/json": components["schemas"]["ApiKeyView"];
                };
            };
        };
    };
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
    ProviderTestsController_testDraft: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProviderDraftBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderTestView"];
                };
            };
        };
    };
    ProviderTestsController_test: {
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
                "application/json": components["schemas"]["ProviderTestBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderTestView"];
                };
            };
        };
    };
    ProvidersController_list: {
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
                    "application/json": components["schemas"]["ProviderPage"];
                };
            };
        };
    };
    ProvidersController_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProviderBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderView"];
                };
            };
        };
    };
    ProvidersController_get: {
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
                    "application/json": components["schemas"]["ProviderView"];
                };
            };
        };
    };
    ProvidersController_replace: {
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
                "application/json": components["schemas"]["ProviderReplaceBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderView"];
                };
            };
        };
    };
    ProvidersController_remove: {
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
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    ProvidersController_change: {
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
                "application/json": components["schemas"]["ProviderChangeBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderView"];
                };
            };
        };
    };
    ProviderTypesController_list: {
        parameters: {
            query?: never;
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
                    "application/json": components["schemas"]["ProviderTypeList"];
                };
            };
        };
    };
    ProviderHealthController_show: {
        parameters: {
            query?: {
                /** @description How many hours back. */
                hours?: number;
            };
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
                    "application/json": components["schemas"]["ProviderHealthView"];
                };
            };
        };
    };
    ProviderHealthController_decide: {
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
                "application/json": components["schemas"]["ProviderModeBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderHealthView"];
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
    ModelsController_list: {
        parameters: {
            query?: {
                /** @description Most items of one answer. */
                limit?: number;
                /** @description The `nextCursor` of the answer before. */
                cursor?: string;
                /** @description Only those of this instance. */
                provider?: string;
                /** @description Only those with this in their id, in whatever case. */
                search?: string;
                /** @description Only models, or only public names. */
                kind?: "model" | "route";
                /** @description Only those without a price, or with one. */
                priced?: "true" | "false";
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
                    "application/json": components["schemas"]["ModelPage"];
                };
            };
        };
    };
    ModelsController_get: {
        parameters: {
            query?: never;
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
                    "application/json": components["schemas"]["ModelView"];
                };
            };
        };
    };
    ModelsController_change: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ModelChangeBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelView"];
                };
            };
        };
    };
    RoutesController_list: {
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
                    "application/json": components["schemas"]["RoutePage"];
                };
            };
        };
    };
    RoutesController_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RouteBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RouteView"];
                };
            };
        };
    };
    RoutesController_get: {
        parameters: {
            query?: never;
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
                    "application/json": components["schemas"]["RouteView"];
                };
            };
        };
    };
    RoutesController_remove: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
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
    RoutesController_change: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RouteChangeBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RouteView"];
                };
            };
        };
    };
    ClientUsageController_get: {
        parameters: {
            query?: {
                /** @description ISO 8601, inclusive; UTC where it names no offset. A day before `to` when absent, everything in lists. */
                from?: string;
                /** @description ISO 8601, exclusive; UTC where it names no offset. Now when absent. */
                to?: string;
            };
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
                    "application/json": components["schemas"]["ClientUsageView"];
                };
            };
        };
    };
    UsageController_getSummary: {
        parameters: {
            query?: {
                /** @description ISO 8601, inclusive; UTC where it names no offset. A day before `to` when absent, everything in lists. */
                from?: string;
                /** @description ISO 8601, exclusive; UTC where it names no offset. Now when absent. */
                to?: string;
                /** @description Id of a client. */
                client?: string;
                /** @description Id of an API key. */
                key?: string;
                /** @description Name of a provider instance. */
                provider?: string;
                /** @description The provider's own name of a model, without the provider. */
                model?: string;
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
                    "application/json": components["schemas"]["UsageSummaryView"];
                };
            };
        };
    };
    UsageController_getTimeSeries: {
        parameters: {
            query?: {
                /** @description ISO 8601, inclusive; UTC where it names no offset. A day before `to` when absent, everything in lists. */
                from?: string;
                /** @description ISO 8601, exclusive; UTC where it names no offset. Now when absent. */
                to?: string;
                /** @description Id of a client. */
                client?: string;
                /** @description Id of an API key. */
                key?: string;
                /** @description Name of a provider instance. */
                provider?: string;
                /** @description The provider's own name of a model, without the provider. */
                model?: string;
                metric?: "requests" | "errors" | "errorRate" | "tokens" | "inputTokens" | "cachedInputTokens" | "cacheWriteTokens" | "outputTokens" | "reasoningTokens" | "cost" | "unpricedRequests" | "estimatedRequests" | "meanLatency" | "meanFirstChunk" | "latencyP50" | "latencyP95" | "firstChunkP50" | "firstChunkP95";
                groupBy?: "none" | "client" | "key" | "provider" | "model" | "status";
                /** @description `auto` is what shows the range well. */
                interval?: "auto" | "minute" | "hour" | "day";
                /** @description IANA name of the zone in which days begin. */
                timeZone?: string;
                /** @description Groups with a line of their own, the largest ones; the rest is one more line. */
                top?: number;
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
                    "application/json": components["schemas"]["UsageTimeSeriesView"];
                };
            };
        };
    };
    UsageController_getBreakdown: {
        parameters: {
            query: {
                /** @description ISO 8601, inclusive; UTC where it names no offset. A day before `to` when absent, everything in lists. */
                from?: string;
                /** @description ISO 8601, exclusive; UTC where it names no offset. Now when absent. */
                to?: string;
                /** @description Id of a client. */
                client?: string;
                /** @description Id of an API key. */
                key?: string;
                /** @description Name of a provider instance. */
                provider?: string;
                /** @description The provider's own name of a model, without the provider. */
                model?: string;
                by: "client" | "key" | "provider" | "model" | "status";
                format?: "json" | "csv";
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
                    "application/json": components["schemas"]["UsageBreakdownView"];
                };
            };
        };
    };
    UsageController_getClients: {
        parameters: {
            query?: {
                /** @description ISO 8601, inclusive; UTC where it names no offset. A day before `to` when absent, everything in lists. */
                from?: string;
                /** @description ISO 8601, exclusive; UTC where it names no offset. Now when absent. */
                to?: string;
                /** @description Id of a client. */
                client?: string;
                /** @description Id of an API key. */
                key?: string;
                /** @description Name of a provider instance. */
                provider?: string;
                /** @description The provider's own name of a model, without the provider. */
                model?: string;
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
                    "application/json": components["schemas"]["UsageBreakdownView"];
                };
            };
        };
    };
    UsageController_getProviders: {
        parameters: {
            query?: {
                /** @description ISO 8601, inclusive; UTC where it names no offset. A day before `to` when absent, everything in lists. */
                from?: string;
                /** @description ISO 8601, exclusive; UTC where it names no offset. Now when absent. */
                to?: string;
                /** @description Id of a client. */
                client?: string;
                /** @description Id of an API key. */
                key?: string;
                /** @description Name of a provider instance. */
                provider?: string;
                /** @description The provider's own name of a model, without the provider. */
                model?: string;
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
                    "application/json": components["schemas"]["UsageBreakdownView"];
                };
            };
        };
    };
    UsageController_getModels: {
        parameters: {
            query?: {
                /** @description ISO 8601, inclusive; UTC where it names no offset. A day before `to` when absent, everything in lists. */
                from?: string;
                /** @description ISO 8601, exclusive; UTC where it names no offset. Now when absent. */
                to?: string;
                /** @description Id of a client. */
                client?: string;
                /** @description Id of an API key. */
                key?: string;
                /** @description Name of a provider instance. */
                provider?: string;
                /** @description The provider's own name of a model, without the provider. */
                model?: string;
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
                    "application/json": components["schemas"]["UsageBreakdownView"];
                };
            };
        };
    };
    RequestsController_list: {
        parameters: {
            query?: {
                /** @description ISO 8601, inclusive; UTC where it names no offset. A day before `to` when absent, everything in lists. */
                from?: string;
                /** @description ISO 8601, exclusive; UTC where it names no offset. Now when absent. */
                to?: string;
                /** @description Id of a client. */
                client?: string;
                /** @description Id of an API key. */
                key?: string;
                /** @description Name of a provider instance. */
                provider?: string;
                /** @description The provider's own name of a model, without the provider. */
                model?: string;
                /** @description Words that must all be in one of the bodies that are kept of a request; for operators. */
                text?: string;
                /** @description Most items of one answer. */
                limit?: number;
                /** @description The `nextCursor` of the answer before. */
                cursor?: string;
                status?: "ok" | "error" | "client_aborted" | "interrupted" | "rejected";
                /** @description The beginning of their id. */
                requestId?: string;
                /** @description USD, such as 0.05. */
                minCost?: string;
                /** @description Milliseconds. */
                minLatency?: number;
                hasImages?: boolean;
                /** @description Whether the provider told less than all of their tokens. */
                estimated?: boolean;
                cacheHit?: boolean;
                stream?: boolean;
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
                    "application/json": components["schemas"]["RequestPage"];
                };
            };
        };
    };
    RequestsController_histogram: {
        parameters: {
            query?: {
                /** @description ISO 8601, inclusive; UTC where it names no offset. A day before `to` when absent, everything in lists. */
                from?: string;
                /** @description ISO 8601, exclusive; UTC where it names no offset. Now when absent. */
                to?: string;
                /** @description Id of a client. */
                client?: string;
                /** @description Id of an API key. */
                key?: string;
                /** @description Name of a provider instance. */
                provider?: string;
                /** @description The provider's own name of a model, without the provider. */
                model?: string;
                /** @description `auto` is what shows the range well. */
                interval?: "auto" | "minute" | "hour" | "day";
                /** @description IANA name of the zone in which days begin. */
                timeZone?: string;
                status?: "ok" | "error" | "client_aborted" | "interrupted" | "rejected";
                /** @description The beginning of their id. */
                requestId?: string;
                /** @description USD, such as 0.05. */
                minCost?: string;
                /** @description Milliseconds. */
                minLatency?: number;
                hasImages?: boolean;
                /** @description Whether the provider told less than all of their tokens. */
                estimated?: boolean;
                cacheHit?: boolean;
                stream?: boolean;
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
                    "application/json": components["schemas"]["RequestHistogramView"];
                };
            };
        };
    };
    RequestsController_get: {
        parameters: {
            query?: {
                /** @description ISO 8601, inclusive; UTC where it names no offset. A day before `to` when absent, everything in lists. */
                from?: string;
                /** @description ISO 8601, exclusive; UTC where it names no offset. Now when absent. */
                to?: string;
                /** @description Id of a client. */
                client?: string;
                /** @description Id of an API key. */
                key?: string;
                /** @description Name of a provider instance. */
                provider?: string;
                /** @description The provider's own name of a model, without the provider. */
                model?: string;
                status?: "ok" | "error" | "client_aborted" | "interrupted" | "rejected";
                /** @description The beginning of their id. */
                requestId?: string;
                /** @description USD, such as 0.05. */
                minCost?: string;
                /** @description Milliseconds. */
                minLatency?: number;
                hasImages?: boolean;
                /** @description Whether the provider told less than all of their tokens. */
                estimated?: boolean;
                cacheHit?: boolean;
                stream?: boolean;
            };
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
                    "application/json": components["schemas"]["RequestDetailsView"];
                };
            };
        };
    };
    RequestsController_bodies: {
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
                    "application/json": components["schemas"]["RequestBodiesView"];
                };
            };
        };
    };
    UsageExportController_export: {
        parameters: {
            query?: {
                /** @description ISO 8601, inclusive; UTC where it names no offset. A day before `to` when absent, everything in lists. */
                from?: string;
                /** @description ISO 8601, exclusive; UTC where it names no offset. Now when absent. */
                to?: string;
                /** @description Id of a client. */
                client?: string;
                /** @description Id of an API key. */
                key?: string;
                /** @description Name of a provider instance. */
                provider?: string;
                /** @description The provider's own name of a model, without the provider. */
                model?: string;
                status?: "ok" | "error" | "client_aborted" | "interrupted" | "rejected";
                /** @description The beginning of their id. */
                requestId?: string;
                /** @description USD, such as 0.05. */
                minCost?: string;
                /** @description Milliseconds. */
                minLatency?: number;
                hasImages?: boolean;
                /** @description Whether the provider told less than all of their tokens. */
                estimated?: boolean;
                cacheHit?: boolean;
                stream?: boolean;
                format?: "ndjson" | "csv";
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
    AuditController_list: {
        parameters: {
            query?: {
                /** @description Most items of one answer. */
                limit?: number;
                /** @description The `nextCursor` of the answer before. */
                cursor?: string;
                /** @description Id or name of who did it. */
                actor?: string;
                /** @description What was done, such as `client.update`, or its first part, such as `client`, for all of that kind. */
                action?: string;
                /** @description Id or name of what it was done to. */
                subject?: string;
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
                content: {
                    "application/json": components["schemas"]["AuditPage"];
                };
            };
        };
    };
    AuditController_export: {
        parameters: {
            query?: {
                /** @description Most items of one answer. */
                limit?: number;
                /** @description The `nextCursor` of the answer before. */
                cursor?: string;
                /** @description Id or name of who did it. */
                actor?: string;
                /** @description What was done, such as `client.update`, or its first part, such as `client`, for all of that kind. */
                action?: string;
                /** @description Id or name of what it was done to. */
                subject?: string;
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
    LiveTicketController_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LiveTicketView"];
                };
            };
        };
    };
    SystemController_health: {
        parameters: {
            query?: never;
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
                    "application/json": components["schemas"]["SystemHealthView"];
                };
            };
        };
    };
    SystemController_logs: {
        parameters: {
            query?: {
                /** @description This level and those above it. */
                level?: "trace" | "debug" | "info" | "warn" | "error" | "fatal";
                /** @description Text that the line has somewhere, in upper or lower case. */
                search?: string;
                /** @description Most lines of one answer. */
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
                    "application/json": components["schemas"]["LogPage"];
                };
            };
        };
    };
    BackupsController_list: {
        parameters: {
            query?: never;
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
                    "application/json": components["schemas"]["BackupPage"];
                };
            };
        };
    };
    BackupsController_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BackupView"];
                };
            };
        };
    };
    BackupsController_download: {
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
                content?: never;
            };
        };
    };
    BackupsController_remove: {
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
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    BackupsController_verify: {
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
                    "application/json": components["schemas"]["BackupVerdictView"];
                };
            };
        };
    };
}
