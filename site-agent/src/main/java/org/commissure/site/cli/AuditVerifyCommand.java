package org.commissure.site.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Exit 0: the log verifies; 1: it does not. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Checks every entry's signature and certificate, every stored hash, the signed checkpoint",
            "and the witnesses' cosignatures, and names the first bad entry. A copy needs no network.",
            "A folder cannot prove whose log it is: compare the printed fingerprint with the one",
            "that the coordinator reads to you, or give it with --authority. It cannot prove",
            "either that it was never shortened: give a checkpoint that you kept from before."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0: the log verifies", "1: the log does not verify", "2: wrong usage", "3: no log there"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  commissure audit verify run/coordinator/log",
            "  commissure audit verify log --json --checkpoint checkpoint-of-last-month",
            "  commissure audit verify log --authority 3b1f…",
            "  commissure audit verify receipt.json",
            "  commissure audit verify https://fed.example.org:8444 --home /srv/commissure"
        })
final class AuditVerifyCommand implements Callable<Integer> {
    @Mixin
    private AuditLog log = new AuditLog();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() {
        AuditLog.Opened opened = log.open();
        if (json) {
            ObjectNode facts = AuditText.asJson(opened.verification());
            opened.receipt().ifPresent(receipt -> facts.set("receipt", AuditText.asJson(receipt)));
            log.print(AuditText.pretty(facts));
        } else {
            opened.receipt().ifPresent(receipt -> log.print(AuditText.receipt(receipt)));
            log.print(AuditText.verification(opened.verification(), log.knowsAuthority()));
        }
        return opened.verification().ok() ? 0 : 1;
    }
}
