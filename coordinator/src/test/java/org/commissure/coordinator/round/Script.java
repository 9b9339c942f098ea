package org.commissure.coordinator.round;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.commissure.protocol.v1.MaskedHeader;
import org.commissure.protocol.v1.ShareDelivery;
import org.commissure.protocol.v1.ShareKeys;
import org.commissure.protocol.v1.Signed;

/** Plays events into the state machine with a clock of its own, and keeps what came of them. */
final class Script {
    static final List<String> ALL = List.of("A", "B", "C", "D");
    static final ByteString MODEL = ByteString.copyFromUtf8("model-of-32-bytes-for-this-test!");
    static final EvaluationSummary SCORE = new EvaluationSummary(0.5, 1, 0.1, 2, 0.2, 1.5, 100, 10, 4);

    final List<RunEvent> events = new ArrayList<>();
    final List<Command> commands = new ArrayList<>();
    RunState run;
    long now = 1_000_000;

    Script(int rounds, int attempts) {
        this(Studies.text(rounds, attempts, 60), 10);
    }

    Script(String study, int parameters) {
        Map<String, ByteString> sites = new TreeMap<>();
        ALL.forEach(site -> sites.put(site, ByteString.copyFromUtf8("certificate of " + site)));
        RunEvent.RunStarted first =
                new RunEvent.RunStarted(now, "run-1", "test", study, MODEL, parameters, sites, Set.copyOf(ALL), MODEL);
        events.add(first);
        Transition begun = RunMachine.start(first);
        run = begun.state();
        commands.addAll(begun.commands());
    }

    Script apply(RunEvent event) {
        Transition transition = RunMachine.apply(run, event);
        if (!transition.unchanged(run)) {
            events.add(event);
        }
        run = transition.state();
        commands.clear();
        commands.addAll(transition.commands());
        now += 100;
        return this;
    }

    String phase() {
        return run.phase().label();
    }

    Script accept(String... sites) {
        for (String site : sites) {
            apply(new RunEvent.InvitationAnswered(now, run.sum(), site, true, ""));
        }
        return this;
    }

    Script refuse(String site) {
        return apply(new RunEvent.InvitationAnswered(now, run.sum(), site, false, "budget spent"));
    }

    Script answer(Step step, String... sites) {
        for (String site : sites) {
            apply(new RunEvent.SiteAnswered(now, run.sum(), site, step, message(step, site)));
        }
        return this;
    }

    static Signed message(Step step, String site) {
        ByteString payload = switch (step) {
            case MASKED_HEADER ->
                MaskedHeader.newBuilder().setVectorBytes(44).build().toByteString();
            case SHARE_KEYS ->
                ShareKeys.newBuilder()
                        .setHeader(Signed.newBuilder().setPayload(ByteString.copyFromUtf8(step + " of " + site)))
                        .build()
                        .toByteString();
            default -> ByteString.copyFromUtf8(step + " of " + site);
        };
        return Signed.newBuilder().setPayload(payload).build();
    }

    Script deadline() {
        now = run.phase().deadlineUnixMs();
        return apply(new RunEvent.DeadlineReached(now, run.sum(), phase()));
    }

    Script connect(String site) {
        return apply(new RunEvent.SiteConnected(now, site, ByteString.copyFromUtf8("certificate of " + site)));
    }

    Script disconnect(String site) {
        return apply(new RunEvent.SiteDisconnected(now, site));
    }

    Script graceOver(String site) {
        Member member = java.util.Objects.requireNonNull(run.sites().get(site));
        long since = ((Presence.Away) member.presence()).sinceUnixMs();
        return apply(new RunEvent.GraceExpired(since + 1000, site, since));
    }

    Script begin() {
        return apply(new RunEvent.SumStarted(now, MODEL));
    }

    Script computed() {
        boolean training = run.sum().kind() == org.commissure.protocol.v1.SumKind.TRAIN;
        ByteString model =
                training ? ByteString.copyFromUtf8("model after " + run.sum().round()) : run.modelSha256();
        return apply(new RunEvent.SumComputed(now, run.sum(), MODEL, model, training ? null : SCORE));
    }

    /** Brings the present sum from its invitation to {@code step}'s phase with all sites. */
    Script upTo(Step step) {
        accept("A", "B", "C", "D");
        for (Step each : Step.OF_EVERY_SUM) {
            if (each == step) {
                return this;
            }
            answer(each, "A", "B", "C", "D");
        }
        return this;
    }

    /** A whole sum with all sites. */
    Script sum() {
        return upTo(Step.UNMASK_SHARES)
                .answer(Step.UNMASK_SHARES, "A", "B", "C", "D")
                .computed();
    }

    List<String> sentTo() {
        return commands.stream()
                .flatMap(command -> switch (command) {
                    case Command.Send send -> Stream.of(send.site());
                    case Command.Deliver deliver -> Stream.of(deliver.site());
                    default -> Stream.empty();
                })
                .toList();
    }

    /** Types of the messages sent to one site. */
    List<String> sent(String site) {
        return commands.stream()
                .flatMap(command -> switch (command) {
                    case Command.Send send ->
                        messageTo(site, send.site(), send.message().getDescriptorForType());
                    case Command.Deliver deliver -> messageTo(site, deliver.site(), ShareDelivery.getDescriptor());
                    default -> Stream.empty();
                })
                .toList();
    }

    private static Stream<String> messageTo(String wanted, String site, Descriptor type) {
        return site.equals(wanted) ? Stream.of(type.getName()) : Stream.empty();
    }

    List<String> logged() {
        return commands.stream()
                .flatMap(command -> command instanceof Command.Append append
                        ? Stream.of(append.entry().getAction())
                        : Stream.empty())
                .toList();
    }

    boolean commanded(Class<? extends Command> type) {
        return commands.stream().anyMatch(type::isInstance);
    }

    static List<Step> steps() {
        return Step.OF_EVERY_SUM;
    }
}
