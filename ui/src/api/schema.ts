// Generated from api/openapi.json by `npm run gen`. Do not edit.

export interface paths {
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who did what, newest first. */
        get: operations["list_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All connections, without their secrets. */
        get: operations["list_connections"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections/{pair}/{system}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Goes on with a paused connection, after its cause was put right. */
        post: operations["resume_connection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Live events, named `changed`, with data like [`Changed`]. A stream begins with one, so nothing is missed between two
         *     streams whatever `Last-Event-ID` says.
         */
        get: operations["events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Orders, newest first. */
        get: operations["list_orders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{pair}/{order_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One order. */
        get: operations["show_order"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{pair}/{order_id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Decides an order again and delivers what is open. */
        post: operations["retry_order"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the day goes. */
        get: operations["overview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/owner-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sets the owner's password and ends every session. The link works once. */
        post: operations["set_owner_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reviews": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Items in the order in which they were opened, at most 1,000. */
        get: operations["list_reviews"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reviews/{id}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Closes an item with a note. */
        post: operations["close_review"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Runs, newest first. */
        get: operations["list_runs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One run with its trace. */
        get: operations["show_run"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in. */
        get: operations["show_session"];
        put?: never;
        /** Signs in. The answer carries the session's cookie. */
        post: operations["log_in"];
        /** Signs out. */
        delete: operations["log_out"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Who did what. */
        AuditEntry: {
            /** @description What was done. */
            action: string;
            /** @description `owner`, `system`, or `nobody` for somebody who did not sign in. */
            actor: string;
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
            /** @description More about it. */
            detail: unknown;
            /** Format: int64 */
            id: number;
            /** @description From which address. */
            ip: string | null;
            /** @description To what. */
            target: string;
        };
        /** @description Entries, newest first. */
        AuditPage: {
            entries: components["schemas"]["AuditEntry"][];
        };
        /** @description Data of the event `changed`. */
        Changed: {
            /**
             * Format: date-time
             * @description When it was told.
             */
            at: string;
        };
        /** @description Why an item is closed. */
        Closing: {
            /** @description What was done about it. */
            note: string;
        };
        /** @description One account at one remote. */
        Connection: {
            /**
             * Format: date-time
             * @description When the state last changed.
             */
            changed_at: string;
            /** @description Stable code of why it is paused. */
            code: string | null;
            /** @description What to do. */
            fix: string | null;
            /** @description The pair it belongs to. */
            pair: string;
            /** @description Why it is paused. */
            reason: string | null;
            /** @description Whether it works. */
            state: components["schemas"]["ConnectionWord"];
            /** @enum {string} */
            system: "amazon" | "kashflow";
        };
        /** @description All connections. */
        Connections: {
            connections: components["schemas"]["Connection"][];
        };
        /**
         * @description Whether a connection works.
         * @enum {string}
         */
        ConnectionWord: "ready" | "paused";
        /** @description Something that happened to an order. */
        Entry: {
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
            /**
             * @description Fact: what the marketplace said. Run: the trace. Intent: the frozen draft. Receipt: what the books confirmed.
             *     Review: code, kind, fix, path, closed_at, closed_by and note.
             */
            data: unknown;
            /** @description A sentence. */
            detail: string;
            /** @description What `data` holds. */
            kind: components["schemas"]["EntryKind"];
            /** @description State of a document, outcome of a run, `open` or `closed` of a review. */
            state: string | null;
            /** @description Heading. */
            title: string;
        };
        /**
         * @description What an entry is about.
         * @enum {string}
         */
        EntryKind: "fact" | "run" | "review" | "intent" | "receipt";
        /** @description How many orders have work. */
        Lanes: {
            /**
             * Format: int64
             * @description Being worked on.
             */
            busy: number;
            /**
             * Format: int64
             * @description Waiting for a person.
             */
            paused: number;
            /**
             * Format: int64
             * @description Waiting for their time or a worker.
             */
            waiting: number;
        };
        /** @description Milliseconds within which that part of the orders was done; null if there was none. */
        Latency: {
            /** Format: int64 */
            p50: number | null;
            /** Format: int64 */
            p95: number | null;
            /** Format: int64 */
            p99: number | null;
        };
        /** @description Invoices of one minute. */
        Minute: {
            /** Format: int64 */
            invoiced: number;
            /**
             * Format: int32
             * @description 0 began 60 minutes ago, 59 ends now.
             */
            minute: number;
        };
        /** @description An amount in whole minor units of its currency. */
        Money: {
            /**
             * @description ISO 4217.
             * @example GBP
             */
            currency: string;
            /**
             * Format: int32
             * @description How many digits of `minor` stand after the point.
             */
            decimals: number;
            /**
             * Format: int64
             * @description Pence, cents, yen. Credits are negative.
             */
            minor: number;
        };
        /** @description The password of the owner. */
        NewSession: {
            /** Format: password */
            password: string;
        };
        /** @description Open items by kind. */
        OpenItems: {
            /** Format: int64 */
            break: number;
            /** Format: int64 */
            dead_letter: number;
            /** Format: int64 */
            review: number;
        };
        /** @description Orders of the day by stage. */
        OrderCounts: {
            /** Format: int64 */
            failed: number;
            /**
             * Format: int64
             * @description All of them.
             */
            in: number;
            /** Format: int64 */
            invoiced: number;
            /** Format: int64 */
            invoicing: number;
            /** Format: int64 */
            nothing_to_do: number;
            /** Format: int64 */
            review: number;
            /** Format: int64 */
            waiting: number;
        };
        /** @description One order. */
        OrderDetail: {
            /** @description Whether trying again could change something. */
            can_retry: boolean;
            /** @description Why it is where it is. */
            explanation: string;
            /** @description What a person should do; null if nothing. */
            next_action: string | null;
            order: components["schemas"]["OrderSummary"];
            /** @description Everything that happened to it, the oldest first. */
            timeline: components["schemas"]["Entry"][];
        };
        /** @description One page of orders, newest first. */
        OrderPage: {
            /** @description Pass it as `after` for the next page; null on the last. */
            next: string | null;
            orders: components["schemas"]["OrderSummary"][];
            /**
             * Format: int64
             * @description All orders there are, whatever the filter.
             */
            total: number;
        };
        /** @description One order, as lists show it. */
        OrderSummary: {
            /** @description Whether a business bought. */
            business: boolean;
            /** @description Numbers of its documents. */
            documents: string[];
            /**
             * Format: date-time
             * @description When we first heard of it.
             */
            first_seen_at: string;
            /** @description `FBA` or `FBM`. */
            fulfilment: string;
            /**
             * Format: date-time
             * @description When its first document was confirmed.
             */
            invoiced_at: string | null;
            /** @description Name of the site. */
            marketplace: string;
            /** @description The marketplace's id. */
            order_id: string;
            /** @description The pair. */
            pair: string;
            /**
             * Format: date-time
             * @description When it was placed.
             */
            placed_at: string;
            /** @description How far it is. */
            stage: components["schemas"]["Stage"];
            /** @description Why, in a sentence. */
            stage_reason: string | null;
            /** @description Status in our words. */
            status: string;
            total: components["schemas"]["Money"] | null;
            /**
             * Format: date-time
             * @description When the marketplace last changed it.
             */
            updated_at: string;
        };
        /** @description How the day goes. */
        Overview: {
            /** @description The accounts at both remotes. */
            connections: components["schemas"]["Connection"][];
            /**
             * Format: date
             * @description The day in the United Kingdom.
             */
            day: string;
            /**
             * Format: int64
             * @description The live event that this answer is as new as.
             */
            event_id: number;
            /** @description Orders with work to do. */
            lanes: components["schemas"]["Lanes"];
            /** @description From ready to invoiced, of invoices confirmed on that day. */
            latency_ms: components["schemas"]["Latency"];
            /**
             * Format: date-time
             * @description The oldest change that is not posted, of all days.
             */
            oldest_unposted_at: string | null;
            /** @description What waits for a person. */
            open_items: components["schemas"]["OpenItems"];
            /** @description Orders placed on that day. */
            orders: components["schemas"]["OrderCounts"];
            /** @description Invoices confirmed in each of the last 60 minutes, the oldest first. */
            throughput: components["schemas"]["Minute"][];
            /** @description Value on its way or waiting for a person, per currency, of all days. */
            value_unposted: components["schemas"]["Money"][];
        };
        /** @description The link's token and the password to be. */
        OwnerLink: {
            /** Format: password */
            password: string;
            token: string;
        };
        /** @description Why a request failed, in the shape of RFC 9457. */
        Problem: {
            /** @description Stable word for programs. */
            code: string;
            /** @description What it means. */
            detail: string;
            /** @description The next action. */
            fix: string;
            /**
             * Format: int32
             * @description The HTTP status.
             */
            status: number;
            /** @description Heading. */
            title: string;
            /** @description Always `about:blank`: `code` tells problems apart. */
            type: string;
        };
        /** @description An item for a person. */
        Review: {
            amount: components["schemas"]["Money"] | null;
            /**
             * Format: date-time
             * @description When it was closed.
             */
            closed_at: string | null;
            /** @description By whom. */
            closed_by: string | null;
            /** @description Stable code. */
            code: string;
            /** @description The next action. */
            fix: string;
            /**
             * Format: int64
             * @description Its id.
             */
            id: number;
            /** @description What kind of item it is. */
            kind: components["schemas"]["ReviewKind"];
            /** @description What they wrote. */
            note: string | null;
            /**
             * Format: date-time
             * @description When it was opened.
             */
            opened_at: string;
            /** @description The pair. */
            pair: string;
            /** @description JSON path of the value that could not be used. */
            path: string | null;
            /** @description What happened and what it means for the books. */
            reason: string;
            /** @description The order, connection or message it is about. */
            subject: string;
            /** @description Heading. */
            title: string;
        };
        /**
         * @description What kind of item it is.
         * @enum {string}
         */
        ReviewKind: "review" | "break" | "dead_letter";
        /** @description Items in the order in which they were opened. */
        Reviews: {
            reviews: components["schemas"]["Review"][];
        };
        /** @description One run with its trace. */
        RunDetail: components["schemas"]["RunSummary"] & {
            trace: components["schemas"]["TraceStep"][];
        };
        /** @description One page of runs, newest first. */
        RunPage: {
            /** @description Pass it as `after` for the next page; null on the last. */
            next: string | null;
            runs: components["schemas"]["RunSummary"][];
        };
        /** @description One evaluation of a flow for an order. */
        RunSummary: {
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
            /** @description The flow's name. */
            flow: string;
            /**
             * Format: int32
             * @description Its version.
             */
            flow_version: number;
            /** @description Its id; ids sort by time. */
            id: string;
            /**
             * Format: int32
             * @description The mapping's version.
             */
            mapping_version: number;
            /** @description `wants`, `nothing`, `waiting` or `parked`. */
            outcome: string;
            /** @description The pair. */
            pair: string;
            /** @description Why, in a sentence. */
            reason: string | null;
            /** @description The order. */
            subject: string;
        };
        /** @description Who is signed in. */
        Session: {
            /** @description Always `owner`. */
            account: string;
        };
        /**
         * @description How far an order is on its way into the books.
         * @enum {string}
         */
        Stage: "waiting" | "invoicing" | "invoiced" | "nothing_to_do" | "review" | "failed";
        /** @description What one step decided. */
        TraceStep: {
            /** @description What was decided, in words. */
            decision: string;
            /** @description What it looked at. */
            input: unknown;
            /** @description What it gave. */
            output: unknown;
            /** @description The step's id. */
            step: string;
            /** @description The pattern or action. */
            uses: string;
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
    list_audit: {
        parameters: {
            query?: {
                /** @description Only entries before this id: the last id of the page before. */
                before?: number;
                /** @description 1 to 200; 50 if absent. */
                limit?: number;
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
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_connections: {
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
                    "application/json": components["schemas"]["Connections"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resume_connection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                pair: string;
                /** @description `amazon` or `kashflow` */
                system: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It goes on. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The workers refused. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    events: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Server-sent events named `changed`. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["Changed"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_orders: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: string;
                /** @description `FBA` or `FBM`. */
                fulfilment?: string;
                /** @description 1 to 200; 50 if absent. */
                limit?: number;
                /** @description Only this site. */
                marketplace?: string;
                /** @description Placed at or after. */
                placed_from?: string;
                /** @description Placed before. */
                placed_to?: string;
                /** @description Part of the order's id or of a document's number. */
                search?: string;
                /** @description Only this stage. */
                stage?: components["schemas"]["Stage"];
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
                    "application/json": components["schemas"]["OrderPage"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_order: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                order_id: string;
                pair: string;
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
                    "application/json": components["schemas"]["OrderDetail"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retry_order: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                order_id: string;
                pair: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is due now. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The workers refused. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    overview: {
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
                    "application/json": components["schemas"]["Overview"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_owner_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OwnerLink"];
            };
        };
        responses: {
            /** @description The password is set. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The password is too weak; the link is still good. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The link is wrong, used or expired. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_reviews: {
        parameters: {
            query?: {
                /** @description Only this kind. */
                kind?: components["schemas"]["ReviewKind"];
                /** @description `true`: only items that are not closed. */
                open?: boolean;
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
                    "application/json": components["schemas"]["Reviews"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    close_review: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Closing"];
            };
        };
        responses: {
            /** @description It is closed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It was closed already. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_runs: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: string;
                /** @description 1 to 200; 50 if absent. */
                limit?: number;
                /** @description `wants`, `nothing`, `waiting` or `parked`. */
                outcome?: string;
                /** @description Only orders whose id begins so. */
                subject?: string;
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
                    "application/json": components["schemas"]["RunPage"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_run: {
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
                    "application/json": components["schemas"]["RunDetail"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_session: {
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
                    "application/json": components["schemas"]["Session"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    log_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSession"];
            };
        };
        responses: {
            /** @description Signed in. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Wrong password, or no owner yet. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many wrong passwords. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    log_out: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed out. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
