package org.commissure.coordinator.federation;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.commissure.coordinator.aggregation.ModelStore;
import org.commissure.coordinator.aggregation.ModelStore.StoredModel;
import org.commissure.coordinator.queue.RunQueue;
import org.commissure.coordinator.round.LogPublisher;
import org.commissure.coordinator.round.RunEngine;
import org.commissure.coordinator.round.RunEvent;
import org.commissure.coordinator.round.RunFolders;
import org.commissure.coordinator.round.RunPreconditions;
import org.commissure.coordinator.storage.LogOutbox;
import org.commissure.coordinator.storage.QueuedRuns;
import org.commissure.coordinator.storage.SiteRegistry;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.privacy.dp.Charge;
import org.commissure.privacy.dp.StudyCost;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.privacy.identity.CertificateName;
import org.commissure.privacy.identity.Certificates;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.SharedPart;
import org.commissure.protocol.study.StudyException;
import org.commissure.protocol.study.StudyFile;
import org.commissure.protocol.v1.Outcome;
import org.commissure.protocol.v1.ReadinessRequest;

/** Checks a study and a model, puts them into the run's folder, and starts the run. Thread-safe. */
final class RunStarter implements RunQueue.Starter {
    private static final Pattern RUN_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final CoordinatorHome home;
    private final CoordinatorConfig config;
    private final Approvals approvals;
    private final SiteRegistry registry;
    private final RunEngine engine;
    private final SiteConnections connections;
    private final Readiness readiness;
    private final LogOutbox outbox;
    private final LogPublisher log;
    private final PlanDesk plans;
    private final QueuedRuns queued;
    private final Clock clock;

    RunStarter(
            CoordinatorHome home,
            CoordinatorConfig config,
            Approvals approvals,
            SiteRegistry registry,
            RunEngine engine,
            SiteConnections connections,
            Readiness readiness,
            LogOutbox outbox,
            LogPublisher log,
            PlanDesk plans,
            QueuedRuns queued,
            Clock clock) {
        this.home = home;
        this.config = config;
        this.approvals = approvals;
        this.registry = registry;
        this.engine = engine;
        this.connections = connections;
        this.readiness = readiness;
        this.outbox = outbox;
        this.log = log;
        this.plans = plans;
        this.queued = queued;
        this.clock = clock;
    }

    /**
     * Starts a run at once.
     *
     * @param wantedId empty for one made of the study's name and the time
     * @return the run's id
     * @throws UserError if the study or model cannot be used, or a run is under way; it is logged
     */
    synchronized String start(String studyText, Path model, String wantedId) {
        return logged(() -> {
            StudyFile study = parse(studyText);
            String runId = newId(study, wantedId);
            if (queued.row(runId).isPresent()) {
                throw new UserError("a run '" + runId + "' is queued", "choose another --run-id, or wait for its turn");
            }
            begin(study, model, runId);
            return runId;
        });
    }

    @Override
    public synchronized void startQueued(String studyText, Path model, String runId) {
        var unused = logged(() -> {
            begin(parse(studyText), model, runId);
            return runId;
        });
    }

    @Override
    public String check(String studyText, Path model, String wantedId, Path scratch) {
        StudyFile study = parse(studyText);
        String runId = newId(study, wantedId);
        if (engine.status(runId).isPresent()) {
            throw exists(runId);
        }
        var unused = prepare(study, model, new ModelStore(scratch));
        plans.ensure(studyText);
        return runId;
    }

    private String logged(Supplier<String> start) {
        try {
            return start.get();
        } catch (UserError e) {
            outbox.add(LogEntries.of(Actions.RUN_REFUSED, Outcome.REFUSED, clock.instant())
                    .actor(CertificateName.COORDINATOR)
                    .detail(String.valueOf(e.getMessage()))
                    .build());
            log.publish();
            throw e;
        }
    }

    private static StudyFile parse(String studyText) {
        try {
            return StudyFile.parse(studyText);
        } catch (StudyException e) {
            throw new UserError("the study file: " + e.getMessage(), "correct the key and start the run again", e);
        }
    }

    private String newId(StudyFile study, String wantedId) {
        String runId = wantedId.isEmpty() ? newId(study) : wantedId;
        if (!RUN_ID.matcher(runId).matches()) {
            throw new UserError(
                    "'" + runId + "' cannot name a run",
                    "use 1 to 63 letters, digits, '.', '_' or '-', beginning with a letter or digit");
        }
        if (Files.exists(home.runs().resolve(runId).resolve("study.toml"))) {
            throw exists(runId);
        }
        return runId;
    }

    private static UserError exists(String runId) {
        return new UserError("a run '" + runId + "' exists already", "choose another --run-id");
    }

    /**
     * What a run begins with.
     *
     * @param sites signing certificates (DER) by name
     */
    private record Prepared(
            Map<String, ByteString> sites, StoredModel model, SharedPart shared, ByteString controlSha256) {}

    /** Everything that can be checked without asking a site. */
    private Prepared prepare(StudyFile study, Path model, ModelStore models) {
        Map<String, ByteString> certificates = new TreeMap<>();
        registry.sites()
                .forEach(site -> certificates.put(
                        site.name(), ByteString.copyFrom(Certificates.der(site.signingCertificate()))));
        RunPreconditions.check(study.study(), certificates.keySet());
        checkModel(study, model);
        approvals.require(study.text(), model);
        try {
            keepReleased(study, model, models);
            Optional<StoredModel> initial = RunFolders.initial(models, study.study());
            StoredModel stored = initial.isPresent() ? initial.get() : models.importFrom(model);
            SharedPart shared = ModelStore.shared(stored, study.study());
            RunPreconditions.check(study.study(), certificates.size(), shared.length());
            ByteString control = hasControl(study) ? models.zerosLike(stored).sha256() : ByteString.EMPTY;
            return new Prepared(certificates, stored, shared, control);
        } catch (StudyException e) {
            throw new UserError(
                    "the study does not fit the model: " + e.getMessage(),
                    "correct the key and start the run again",
                    e);
        } catch (IOException e) {
            throw notWritten(e);
        }
    }

    private static UserError notWritten(IOException e) {
        return new UserError(
                "the run's folder cannot be written: " + e.getMessage(),
                "free space on the coordinator's disk and start the run again",
                e);
    }

    private void begin(StudyFile study, Path model, String runId) {
        requireOpen(study);
        Path folder = home.runs().resolve(runId);
        Prepared prepared = prepare(study, model, new ModelStore(folder.resolve("models")));
        plans.ensure(study.text());
        checkBudgets(
                study,
                runId,
                prepared.model().parameterCount(),
                prepared.shared().length());
        engine.start(new RunEvent.RunStarted(
                clock.millis(),
                runId,
                config.federation(),
                study.text(),
                prepared.model().sha256(),
                prepared.model().parameterCount(),
                prepared.sites(),
                connections.connected(),
                log.checkpointSha256(),
                prepared.shared().length(),
                prepared.shared().sha256(),
                prepared.controlSha256()));
        try {
            DurableFile.write(folder.resolve("study.toml"), study.text().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw notWritten(e);
        }
    }

    private void requireOpen(StudyFile study) {
        Instant now = clock.instant();
        study.study().hours().filter(hours -> !hours.isOpen(now)).ifPresent(hours -> {
            throw new UserError(
                    "the study's own hours are " + hours.words(),
                    "queue the run, which then begins by itself: 'run start --queue'");
        });
    }

    /** A study that some site cannot afford to the end is told now, and not in the round in which its budget is gone. */
    private void checkBudgets(StudyFile study, String runId, long parameterCount, long shared) {
        Optional<Charge> cost = StudyCost.ofRun(study.study(), runId, shared, clock.instant());
        if (cost.isEmpty()) {
            return;
        }
        Set<String> refused = readiness.overBudget(ReadinessRequest.newBuilder()
                .setFederationId(config.federation())
                .setRunId(runId)
                .setStudyText(study.text())
                .setParameterCount(parameterCount)
                .build());
        if (!refused.isEmpty()) {
            throw new UserError(
                    "the run is refused before its first round: " + StudyCost.words(study.study(), cost.get())
                            + ", more than is left in the privacy budget of " + String.join(", ", refused),
                    "plan more noise, fewer rounds or steps, or a smaller sampling rate (commissure privacy plan), or"
                            + " ask those sites' privacy officers for a larger privacy.epsilon_budget");
        }
    }

    private static boolean hasControl(StudyFile study) {
        return study.study().published().isEmpty() && study.study().training().hasControl();
    }

    /** @param key of the study that names it */
    private record Released(String key, String sha256) {}

    /** The released model whose encoder a study uses. */
    private static Optional<Released> released(StudyFile study) {
        return study.study()
                .phenotype()
                .flatMap(plan -> plan.features().embedding())
                .map(embedding -> new Released("phenotype.features.embedding.model_sha256", embedding.modelSha256()))
                .or(() -> study.study()
                        .finetune()
                        .map(plan -> new Released("finetune.model_sha256", plan.modelSha256())));
    }

    /** A released model lies beside the run's models, so that sites download it by its hash. */
    private static void keepReleased(StudyFile study, Path model, ModelStore models) throws IOException {
        Optional<Released> released = released(study);
        if (released.isEmpty()) {
            return;
        }
        String given =
                HexFormat.of().formatHex(models.importFrom(model).sha256().toByteArray());
        if (!given.equals(released.get().sha256())) {
            throw new UserError(
                    "the model's parameters have the SHA-256 " + given + ", but the study names "
                            + released.get().sha256(),
                    "name the model.safetensors of the run that released it, or correct "
                            + released.get().key());
        }
    }

    /** A network starts from a model, an embedding and a fine-tuning need a released one; any other study has none before its fit. */
    private static void checkModel(StudyFile study, Path model) {
        boolean modelless =
                study.study().published().isPresent() && released(study).isEmpty();
        boolean given;
        try {
            given = Files.size(model) > 0;
        } catch (IOException e) {
            throw new UserError("the initial model cannot be read", "start the run again", e);
        }
        if (modelless == given) {
            throw modelless
                    ? new UserError(
                            "a study of kind " + study.study().study().kind().orElse("") + " starts without a model",
                            "leave --model out")
                    : new UserError(
                            released(study).isPresent()
                                    ? "the study begins with a released model, and there is no model"
                                    : "the study trains a network, and there is no initial model",
                            released(study).isPresent()
                                    ? "name the model.safetensors of the run that released it after --model"
                                    : "write one with 'commissure site model init' and name it after --model");
        }
    }

    private String newId(StudyFile study) {
        String slug = study.study()
                .study()
                .name()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-+|-+$", "");
        String stem = slug.isEmpty() ? "run" : slug.substring(0, Math.min(40, slug.length()));
        String first = stem + "-" + STAMP.format(clock.instant());
        String id = first;
        for (int n = 2; engine.status(id).isPresent() || queued.row(id).isPresent(); n++) {
            id = first + "-" + n; // several within a second
        }
        return id;
    }
}
