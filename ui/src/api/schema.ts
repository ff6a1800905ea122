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
    "/api/v1/settlements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Settlements, newest period first. */
        get: operations["list_settlements"];
        put?: never;
        /** Takes a settlement file in, as Amazon gave it: of any form, compressed or not. */
        post: operations["upload_settlement"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/settlements/{pair}/{currency}/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One settlement. */
        get: operations["show_settlement"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/settlements/{pair}/{currency}/{id}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Accepts an amount for a row whose own cannot be read. It goes to suspense, and the settlement is decided again. */
        post: operations["accept_amount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/settlements/{pair}/{currency}/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Decides a settlement again and delivers what is open. */
        post: operations["retry_settlement"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/vat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What settlements of the last 500 days put into VAT returns, by pair and period. */
        get: operations["vat_preview"];
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
        /** @description The amount that a person accepts for a row whose own cannot be read. */
        Accepting: {
            /** @description Digits in the settlement's currency, such as `-12.34`. */
            amount: string;
            /**
             * Format: int64
             * @description The row's line in the file.
             */
            line: number;
        };
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
        /** @description The clearing account, in home currency. */
        Clearing: {
            /** @description Its nominal code. */
            account: string;
            /** @description Balance after. */
            after: components["schemas"]["Money"];
            /** @description Balance before. */
            before: components["schemas"]["Money"];
            /** @description What the documents move. */
            change: components["schemas"]["Money"];
            /** @description What they must move. */
            expected: components["schemas"]["Money"];
            /** @description What invoices posted at dispatch had put there already. */
            posted_before: components["schemas"]["Money"];
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
        /** @description What all documents do to an account; debit is positive. */
        LedgerLine: {
            account: string;
            amount: components["schemas"]["Money"];
            title: string;
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
        /** @description One settlement. */
        SettlementDetail: {
            clearing: components["schemas"]["Clearing"] | null;
            /** @description How many of all documents are how far; those that were not committed yet count as `undecided`. */
            document_states: {
                [key: string]: number;
            };
            /** @description Its documents, each followed by its payment; at most 1,000. */
            documents: components["schemas"]["SettlementDocument"][];
            /** @description Form of the file: `v2`, `v1`, `xml`, …. */
            format: string | null;
            ledger: components["schemas"]["LedgerLine"][];
            problems: components["schemas"]["SettlementProblem"][];
            /** @description Open items about it. */
            reviews: components["schemas"]["Review"][];
            settlement: components["schemas"]["SettlementHead"];
            tasks: components["schemas"]["SettlementTask"][];
            /** @description Parts of its record that are there and could not be read, and so are not shown. */
            unread: string[];
            unreadable: components["schemas"]["UnreadableRow"][];
            vat: components["schemas"]["VatBoxes"][];
            /** @description From sales to the payout: balance before, steps and balance after add up. */
            waterfall: components["schemas"]["WaterfallStep"][];
        };
        /** @description A document that the settlement wants. */
        SettlementDocument: {
            amount: components["schemas"]["Money"];
            /** @description Natural key of its intent. */
            key: string;
            /** @description `invoice`, `refund`, `bill`, `bank`, `transfer`, `journal`, `payment`, …. */
            kind: string;
            /**
             * Format: int32
             * @description The number that we chose.
             */
            number: number | null;
            /**
             * Format: date
             * @description Its tax point.
             */
            on: string | null;
            /** @description Customer or supplier. */
            party: string | null;
            /** @description Why it waits for a person. */
            reason: string | null;
            /** @description The reference by which it is found in the books. */
            reference: string | null;
            /**
             * Format: int64
             * @description Rows of the settlement that are in it.
             */
            rows: number | null;
            /** @description How far its intent is: `planned`, `intended`, `sent`, `unknown`, `confirmed`, `conflict`, `rejected`; null if there is none. */
            state: string | null;
        };
        /** @description One settlement, as lists show it. */
        SettlementHead: {
            clearing_after: components["schemas"]["Money"] | null;
            /** @description Currency of every amount in it. Pair, id and currency name a settlement. */
            currency: string;
            /**
             * Format: date-time
             * @description When the payout is initiated.
             */
            deposit_on: string | null;
            /**
             * Format: int64
             * @description Documents that it wants; null if it is not decided yet.
             */
            documents: number | null;
            /** @description Whether every penny of it is accounted for; null if it is not decided yet. */
            explained: boolean | null;
            /**
             * Format: date-time
             * @description When it was first seen.
             */
            first_seen_at: string;
            /**
             * Format: date-time
             * @description Begin of its period.
             */
            from: string | null;
            /** @description The marketplace's id. */
            id: string;
            /**
             * Format: int64
             * @description Sums that wait on the suspense account; null if it is not decided yet.
             */
            in_suspense: number | null;
            /** @description `per_order`, `daily` or `settlement`: how it was posted. */
            mode: string;
            /** @description The pair. */
            pair: string;
            /**
             * Format: date-time
             * @description When all of it was in the books.
             */
            posted_at: string | null;
            /**
             * Format: int64
             * @description Rows that carry an amount.
             */
            rows: number;
            /** @description `marketplace` or `upload`. */
            source: string;
            /** @description How far it is. */
            stage: components["schemas"]["SettlementStage"];
            /** @description Why, in a sentence. */
            stage_reason: string | null;
            /**
             * Format: date-time
             * @description End of its period.
             */
            to: string | null;
            /** @description What is paid out; below zero, what is owed to the marketplace. */
            total: components["schemas"]["Money"];
        };
        /** @description One page of settlements, newest period first. */
        SettlementPage: {
            /** @description Pass it as `after` for the next page; null on the last. */
            next: string | null;
            settlements: components["schemas"]["SettlementHead"][];
        };
        /** @description What is wrong with the file. */
        SettlementProblem: {
            /** @description What it means for the books. */
            effect: string;
            /** Format: int64 */
            line: number | null;
            /** @description What to do. */
            next: string;
            /** @description `stops`: nothing is posted. `to_suspense` or `doubt`: the row waits on suspense. `note`: good to know. */
            weight: string;
            what: string;
        };
        /**
         * @description How far a settlement is on its way into the books.
         * @enum {string}
         */
        SettlementStage: "received" | "quarantined" | "posting" | "posted" | "review";
        /** @description Something that a person should see. */
        SettlementTask: {
            /** @description What is wrong and what it means for the books. */
            cause: string;
            /** @description Stable code. */
            code: string;
            /**
             * Format: int64
             * @description How many rows or items.
             */
            count: number;
            /** @description Whether it should be looked at first. */
            high_priority: boolean;
            /** @description Whether its sum waits on the suspense account; null if that was not written down. */
            in_suspense: boolean | null;
            /**
             * Format: int64
             * @description First line in the file.
             */
            line: number | null;
            /** @description What to do. */
            next: string;
            /** @description Transaction type, amount type and description in the marketplace's words, if all rows are of one kind. */
            rows_of: string[] | null;
            subject: string;
            /** @description Known rows that these resemble: shown, never applied. */
            suggestions: string[];
            /** @description Sum of its rows. */
            sum: components["schemas"]["Money"];
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
        /** @description A row whose amount cannot be read. */
        UnreadableRow: {
            /** @description Whether a person accepted an amount for it. */
            is_accepted: boolean;
            /** Format: int64 */
            line: number;
            would_balance: components["schemas"]["Money"] | null;
        };
        /** @description What was found in a file. */
        Uploaded: {
            settlements: components["schemas"]["UploadedSettlement"][];
        };
        /** @description A settlement that was found. */
        UploadedSettlement: {
            /** @description Currency of every amount in it. */
            currency: string;
            /** @description Whether it was known already, whichever file it came in. Nothing was changed then. */
            duplicate: boolean;
            /** @description The marketplace's id. */
            id: string;
            stage: components["schemas"]["SettlementStage"];
        };
        /** @description What the documents put into the boxes of one VAT return, in home currency. */
        VatBoxes: {
            /** @description VAT due on sales. */
            box1: components["schemas"]["Money"];
            /** @description VAT reclaimed on purchases. */
            box4: components["schemas"]["Money"];
            /** @description Sales without VAT. */
            box6: components["schemas"]["Money"];
            /** @description Purchases without VAT. */
            box7: components["schemas"]["Money"];
            /**
             * Format: date
             * @description First day of the period.
             */
            from: string;
            /**
             * Format: date
             * @description Last day of the period.
             */
            to: string;
        };
        /** @description Boxes of one return, in home currency. */
        VatPeriod: {
            /** @description VAT due on sales. */
            box1: components["schemas"]["Money"];
            /** @description VAT reclaimed on purchases. */
            box4: components["schemas"]["Money"];
            /** @description Net to pay; below zero, to reclaim: box 1 less box 4. */
            box5: components["schemas"]["Money"];
            /** @description Sales without VAT. */
            box6: components["schemas"]["Money"];
            /** @description Purchases without VAT. */
            box7: components["schemas"]["Money"];
            /**
             * Format: date
             * @description First day.
             */
            from: string;
            /** @description The pair. */
            pair: string;
            /**
             * Format: int64
             * @description Settlements whose documents are in it.
             */
            settlements: number;
            /**
             * Format: date
             * @description Last day.
             */
            to: string;
            /**
             * Format: int64
             * @description How many of them are not wholly in the books yet.
             */
            unposted: number;
        };
        /** @description What settlements put into VAT returns. Other sales and purchases of the business are not in it. */
        VatPreview: {
            /** @description Settlements of the last 500 days that are in no figure, because they are not decided, were kept back or cannot be read. */
            left_out: components["schemas"]["SettlementHead"][];
            /** @description The latest period first. */
            periods: components["schemas"]["VatPeriod"][];
        };
        /** @description What one kind of document moves on the clearing account. Money towards the seller is positive. */
        WaterfallStep: {
            amount: components["schemas"]["Money"];
            /** @description `sales`, `refunds`, `fees`, `other`, `reserve`, `deferred`, `loans_and_exchange` or `payout`. */
            step: string;
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
    list_settlements: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: string;
                /** @description 1 to 200; 50 if absent. */
                limit?: number;
                /** @description Only of this pair. */
                pair?: string;
                /** @description Only this stage. */
                stage?: components["schemas"]["SettlementStage"];
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
                    "application/json": components["schemas"]["SettlementPage"];
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
    upload_settlement: {
        parameters: {
            query: {
                /** @description The file's name. */
                name?: string;
                /** @description The pair whose mapping and books it is for. */
                pair: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The file's bytes, at most 64 MiB. */
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Uploaded"];
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
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is larger than 64 MiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is no settlement. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_settlement: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                currency: string;
                id: string;
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
                    "application/json": components["schemas"]["SettlementDetail"];
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
    accept_amount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                currency: string;
                id: string;
                pair: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Accepting"];
            };
        };
        responses: {
            /** @description It is accepted, and the settlement is due now. */
            202: {
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
    retry_settlement: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                currency: string;
                id: string;
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
    vat_preview: {
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
                    "application/json": components["schemas"]["VatPreview"];
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
}
