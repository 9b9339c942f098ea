package org.commissure.site.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import org.commissure.protocol.UserError;
import org.commissure.site.enrolment.Enrolment;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a site's folder starts with, however the site enrols. */
final class NewHomeOptions {
    @Option(
            names = "--home",
            required = true,
            paramLabel = "DIR",
            description = "new folder for this site's keys and state")
    private Path home = Path.of("");

    @Option(names = "--data", paramLabel = "DIR", description = "folder with participants.tsv and the series")
    private @Nullable Path data;

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = "start with this policy.toml instead of the cautious default")
    private @Nullable Path policy;

    @Option(
            names = "--pkcs11",
            paramLabel = "FILE",
            description = "keep the keys in a token: the configuration of Java's SunPKCS11 provider (name, library,"
                    + " slot)")
    private @Nullable Path token;

    @Option(
            names = "--fingerprint",
            paramLabel = "HEX",
            description = "the root's fingerprint as the coordinator's operator read it to you; anything else is"
                    + " refused")
    private @Nullable String fingerprint;

    @Mixin
    private ReplicasOption replicas = new ReplicasOption();

    @Mixin
    private PassphraseOption passphrase = new PassphraseOption();

    Path home() {
        return home;
    }

    /** An enrolment with these keys and addresses. */
    Enrolment enrolment() {
        return new Enrolment(Clock.systemUTC(), passphrase.passphrase(), replicas.addresses());
    }

    Optional<Path> token() {
        return Optional.ofNullable(token);
    }

    Optional<String> fingerprint() {
        return Optional.ofNullable(fingerprint)
                .map(text -> text.replaceAll("[\\s:]", "").toLowerCase(Locale.ROOT));
    }

    /** @throws UserError if the fingerprint was given and is another than {@code found} */
    void requireFingerprint(String found, Path where) {
        if (fingerprint().filter(heard -> !heard.equals(found)).isPresent()) {
            throw new UserError(
                    "the root's fingerprint in " + where + " is " + found + ", not "
                            + fingerprint().orElseThrow(),
                    "do not go on: have the coordinator's operator read the fingerprint again");
        }
    }

    /** @throws UserError if no data folder was named */
    Enrolment.Start start() {
        if (data == null) {
            throw new UserError("there is no --data", "name the folder that holds participants.tsv after --data");
        }
        return new Enrolment.Start(data, Optional.ofNullable(policy), token());
    }
}
