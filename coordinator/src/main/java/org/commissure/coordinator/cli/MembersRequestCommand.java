package org.commissure.coordinator.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.commissure.privacy.identity.EnrolmentRequests;
import org.commissure.privacy.identity.IdentityStore;
import org.commissure.privacy.identity.RequestFile;
import org.commissure.protocol.UserError;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a person's keys and the request for their certificates. */
@Command(
        name = "request",
        description = "Makes a person's keys in a folder of their own and writes the request for certificates.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator members request --identity anna --federation epilepsy --role privacy-officer"
                + " --name anna --out anna.json")
final class MembersRequestCommand implements Callable<Integer> {
    @Option(names = "--identity", required = true, paramLabel = "DIR", description = "The person's folder.")
    private Path identity = Path.of("");

    @Option(names = "--federation", required = true, paramLabel = "ID", description = "The federation's name.")
    private String federation = "";

    @Mixin
    private PersonRoleOption role = new PersonRoleOption();

    @Option(names = "--name", required = true, paramLabel = "NAME", description = "The person's name in the log.")
    private String name = "";

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "Where to write the request.")
    private Path out = Path.of("");

    @Mixin
    private PassphraseOption passphrase = new PassphraseOption();

    @Option(names = "--json", description = "Print the facts as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        IdentityStore store = new IdentityStore(identity, passphrase.passphrase());
        if (store.isComplete()) {
            throw new UserError(identity + " holds an identity already", "choose another folder");
        }
        EnrolmentRequests requests = EnrolmentRequests.generate(name, store);
        RequestFile request = RequestFile.of(federation, role.role(), name, requests);
        store.saveWaiting(requests, name);
        request.write(out);
        if (json) {
            Json.print(new TreeMap<>(Map.of("request", out.toString(), "requestSha256", request.fingerprint())));
        } else {
            System.out.println("request written to " + out + "; send it to the coordinator's operator");
            System.out.println("request fingerprint (read it to them): " + request.fingerprint());
        }
        return 0;
    }
}
