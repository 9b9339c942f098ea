package org.commissure.coordinator.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.commissure.coordinator.console.access.ConsoleRole.Right;
import org.commissure.coordinator.queue.QueuedRun;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.protocol.UserError;

/**
 * What changes the course of runs, as the operator's commands do: the log gets the reason and no person's name, the access log
 * has the name. Thread-safe.
 */
final class RunSteering {
    private static final int MAXIMUM_REASON_CHARS = 500;

    private final Sources sources;
    private final RunFacts runs;

    RunSteering(Sources sources, RunFacts runs) {
        this.sources = sources;
        this.runs = runs;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.page(
                        "/queue",
                        "Runs that wait for their turn, in their order.",
                        QueuedRun.class,
                        call -> Endpoint.Reply.of(Page.of(sources.queue().list(), call.window()))),
                steer(
                        "/runs/{run}/cancel",
                        "Cancels the run under way; reason in the body, which the log keeps.",
                        this::cancel),
                steer(
                        "/runs/{run}/pause",
                        "Lets no further round begin; reason in the body, which the log keeps.",
                        this::pause),
                steer("/runs/{run}/resume", "Lets rounds of a paused run begin again.", this::resume),
                steer("/queue/{run}/move", "Puts a queued run at the place of the body, from 1.", call -> {
                    JsonNode place = call.body().get("place");
                    if (place == null || !place.canConvertToInt() || place.asInt() < 1) {
                        throw new Problem(400, "there is no such place", "send a number from 1 on as 'place'");
                    }
                    return queue(() -> sources.queue().move(call.parameter("run"), place.asInt()), "moved");
                }),
                steer(
                        "/queue/{run}/remove",
                        "Takes a run out of the queue.",
                        call -> queue(
                                () -> sources.queue().remove(call.parameter("run"), "removed at the console"),
                                "removed from the queue")),
                steer(
                        "/queue/{run}/retry",
                        "Lets a queued run that was refused be tried again.",
                        call -> queue(() -> sources.queue().retry(call.parameter("run")), "tried again at its turn")));
    }

    private static Endpoint steer(String path, String summary, Endpoint.Handler handler) {
        return Endpoint.post(path, summary, SignIn.Said.class, handler).forRight(Right.STEER_RUNS);
    }

    private Endpoint.Reply cancel(Endpoint.Call call) {
        RunSummary run = underWay(call);
        sources.engine().cancel("cancelled at the console" + because(call));
        return said("run " + run.runId() + " is cancelled");
    }

    private Endpoint.Reply pause(Endpoint.Call call) {
        RunSummary run = underWay(call);
        if (run.isPaused()) {
            throw new Problem(409, "run " + run.runId() + " is paused already", "resume or cancel it");
        }
        sources.engine().pause("paused at the console" + because(call));
        return said("no further round of run " + run.runId() + " begins");
    }

    private Endpoint.Reply resume(Endpoint.Call call) {
        RunSummary run = underWay(call);
        if (!run.isPaused()) {
            throw new Problem(409, "run " + run.runId() + " is not paused", "see its page for how it stands");
        }
        sources.engine().continueRun();
        return said("run " + run.runId() + " goes on");
    }

    private RunSummary underWay(Endpoint.Call call) {
        RunSummary run = runs.summary(call.parameter("run"));
        boolean under = sources.engine()
                .status()
                .filter(newest -> newest.runId().equals(run.runId()))
                .isPresent();
        if (run.state().terminal() || !under) {
            throw new Problem(409, "run " + run.runId() + " has ended already", "see its page for how");
        }
        return run;
    }

    private static String because(Endpoint.Call call) {
        String reason = call.text("reason").strip();
        if (reason.length() > MAXIMUM_REASON_CHARS) {
            throw new Problem(400, "the reason is too long", "say it in " + MAXIMUM_REASON_CHARS + " characters");
        }
        return reason.isEmpty() ? "" : ": " + reason;
    }

    private static Endpoint.Reply queue(Runnable change, String how) {
        try {
            change.run();
        } catch (UserError e) {
            throw new Problem(409, String.valueOf(e.getMessage()), e.remedy());
        }
        return said("the run is " + how);
    }

    private static Endpoint.Reply said(String what) {
        return Endpoint.Reply.of(new SignIn.Said(what));
    }
}
