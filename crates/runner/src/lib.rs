//! The shell of flows: observe, decide, deliver, confirm; intents, retries, dispatcher.
