package org.commissure.models.pickle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pickles were made by Python's own pickle module where it makes such ones, and by hand where it does not. */
class UnpicklerTest {
    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "os.system, protocol 0 | Y3Bvc2l4CnN5c3RlbQpwMAooVmlkCnAxCnRwMgpScDMKLg== | opcode GLOBAL with posix.system",
                "os.system, protocol 1 | Y3Bvc2l4CnN5c3RlbQpxAChYAgAAAGlkcQF0cQJScQMu | opcode GLOBAL with posix.system",
                "os.system, protocol 2 | gAJjcG9zaXgKc3lzdGVtCnEAWAIAAABpZHEBhXECUnEDLg== | opcode GLOBAL with posix.system",
                "os.system, protocol 3 | gANjcG9zaXgKc3lzdGVtCnEAWAIAAABpZHEBhXECUnEDLg== | opcode GLOBAL with posix.system",
                "os.system, protocol 4 | gASVHQAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAJpZJSFlFKULg== | opcode STACK_GLOBAL with posix.system",
                "os.system, protocol 5 | gAWVHQAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAJpZJSFlFKULg== | opcode STACK_GLOBAL with posix.system",
                "eval, protocol 2 | gAJjX19idWlsdGluX18KZXZhbApxAFgBAAAAMXEBhXECUnEDLg== | opcode GLOBAL with __builtin__.eval",
                "exec, protocol 4 | gASVHQAAAAAAAACMCGJ1aWx0aW5zlIwEZXhlY5STlIwBMZSFlFKULg== | opcode STACK_GLOBAL with builtins.exec",
                "Popen hidden in a state dict | gAJ9cQAoWAEAAABhcQFjY29sbGVjdGlvbnMKT3JkZXJlZERpY3QKcQIpUnEDWAEAAAB3cQRjY29tbWFuZHMKUG9wZW4KcQVdcQZYAgAAAGlkcQdhhXEIUnEJdS4= | opcode GLOBAL with commands.Popen",
                "INST | KFMnaWQnCmlwb3NpeApzeXN0ZW0KLg== | opcode STRING at byte 1 is not allowed",
                "INST without STRING | KFgCAAAAaWRpcG9zaXgKc3lzdGVtCi4= | opcode INST with posix.system",
                "OBJ | KGNwb3NpeApzeXN0ZW0KWAIAAABpZG8u | opcode GLOBAL with posix.system",
                "OBJ of an allowed class | KGNjb2xsZWN0aW9ucwpPcmRlcmVkRGljdApvLg== | opcode OBJ at byte 26 is not allowed",
                "NEWOBJ of an allowed class | gAJjY29sbGVjdGlvbnMKT3JkZXJlZERpY3QKKYEu | opcode NEWOBJ at byte 28 is not allowed",
                "NEWOBJ_EX | gARjY29sbGVjdGlvbnMKT3JkZXJlZERpY3QKKX2SLg== | opcode NEWOBJ_EX at byte 29 is not allowed",
                "EXT1 | gAKCB1gCAAAAaWRxAIVxAVJxAi4= | opcode EXT1 at byte 2 is not allowed",
                "EXT2 | gAKDvAJYAgAAAGlkcQCFcQFScQIu | opcode EXT2 at byte 2 is not allowed",
                "PERSID | UHBvc2l4LnN5c3RlbQou | opcode PERSID at byte 0 is not allowed",
                "persistent id is a string | gAJYBQAAAC9ldGMvUS4= | opcode BINPERSID with a String that is not",
                "persistent id with another class | gAIoWAcAAABzdG9yYWdlY2NvbGxlY3Rpb25zCk9yZGVyZWREaWN0ClgBAAAAMFgDAAAAY3B1SwF0US4= | opcode BINPERSID with a tuple of 5 that is not",
                "persistent id that climbs out | gAIoWAcAAABzdG9yYWdlY3RvcmNoCkZsb2F0U3RvcmFnZQpYCwAAAC4uLy4uL2V0Yy94WAMAAABjcHVLAXRRLg== | opcode BINPERSID with a storage called '../../etc/x'",
                "torch.storage._load_from_bytes | gAJjdG9yY2guc3RvcmFnZQpfbG9hZF9mcm9tX2J5dGVzClgBAAAAYYVSLg== | opcode GLOBAL with torch.storage._load_from_bytes",
                "getattr chain | gASMCGJ1aWx0aW5zjAdnZXRhdHRyky4= | opcode STACK_GLOBAL with builtins.getattr",
                "dotted name behind an allowed module | gASMBXRvcmNojAtodWIubG9hZC5fX5Mu | opcode STACK_GLOBAL with torch.hub.load.__",
                "dotted module | gAJjdG9yY2guRmxvYXRTdG9yYWdlCl9fY2xhc3NfXwou | opcode GLOBAL with torch.FloatStorage.__class__",
                "REDUCE of a storage class | gAJjdG9yY2gKRmxvYXRTdG9yYWdlCksBhVIu | opcode REDUCE with torch.FloatStorage(a Long) is not allowed",
                "REDUCE of OrderedDict with arguments | gAJjY29sbGVjdGlvbnMKT3JkZXJlZERpY3QKXYVSLg== | opcode REDUCE with collections.OrderedDict(a list of 0)",
                "REDUCE of a string | gAJYAgAAAGlkKVIu | opcode REDUCE at byte 10 with a String on a tuple of 0",
                "BUILD on a dict | gAJ9fWIu | opcode BUILD at byte 4 on a dict of 0",
                "BUILD on a global | gAJjY29sbGVjdGlvbnMKT3JkZXJlZERpY3QKfWIu | opcode BUILD at byte 28 on collections.OrderedDict",
                "BUILD that sets another attribute | gAJjY29sbGVjdGlvbnMKT3JkZXJlZERpY3QKKVJ9WAkAAABfX2NsYXNzX19Oc2Iu | opcode BUILD",
                "memo never put | gAJoBy4= | opcode BINGET at byte 2 of memo 7, which was never put",
                "huge memo index | gAJOcv////9q/v///y4= | of memo 4294967294, which was never put",
                "BINUNICODE of 4 GB | gAJY/////2lkLg== | opcode BINUNICODE says it has 4294967295 bytes",
                "BINUNICODE8 | gASN//////////8u | opcode BINUNICODE8 at byte 2 is not allowed",
                "BINBYTES | gANC////fy4= | opcode BINBYTES at byte 2 is not allowed",
                "LONG4 of 2 GB | gAKL////fy4= | opcode LONG4 at byte 2 is not allowed",
                "LONG1 of 255 bytes | gAKK/y4= | opcode LONG1 with an integer of 255 bytes",
                "FRAME beyond the end | gASV/////////39OLg== | opcode FRAME says it has 9223372036854775807 bytes",
                "no STOP | gAJO | ends at byte 3 without a STOP",
                "empty |  | ends at byte 0 without a STOP",
                "STOP of nothing | gAIu | opcode STOP at byte 2 finds nothing",
                "two values | gAJOTi4= | opcode STOP at byte 4 with 1 values left over",
                "something after STOP | gAJOLmNwb3NpeApzeXN0ZW0K | opcode STOP at byte 3 with bytes after it",
                "no such opcode | gAL/ | byte 0xff at 2 is no opcode",
                "no such protocol | gAZOLg== | opcode PROTO at byte 0 of version 6",
                "no mark | gAJ0Lg== | opcode TUPLE at byte 2 finds no mark",
                "pop through a mark | gAJOKIUu | opcode TUPLE1 at byte 4 finds nothing",
                "a key twice | gAJ9WAEAAABhTnNYAQAAAGFOcy4= | names a twice",
                "a key that is a tuple | gAJ9KU5zLg== | with a key that is a tuple of 0",
                "SETITEMS on a tuple | gAIpKFgBAAAAYU51Lg== | opcode SETITEMS at byte 11 on a tuple of 0",
                "APPEND to a dict | gAJ9TmEu | opcode APPEND at byte 4 on a dict",
                "a string that is not UTF-8 | gAJYAQAAAP8u | not UTF-8",
                "a global without its end | gAJjdG9yY2gKRmxvYXRTdG9yYWdl | opcode GLOBAL without a newline",
                "FRAME cut off | gASVAA== | ends inside an opcode at byte 3",
            })
    void aMaliciousOrDamagedPickleIsRefusedByOpcode(String name, String base64, String problem) throws IOException {
        byte[] pickle = base64 == null ? new byte[0] : Base64.getDecoder().decode(base64);
        assertThatExceptionOfType(RefusedPickleException.class)
                .as(name)
                .isThrownBy(() -> Unpickler.read(pickle))
                .withMessageContaining(problem);
        Path zip = TorchFile.write(folder.resolve("pytorch_model.bin"), pickle, Map.of());
        Path bare = Files.write(folder.resolve("bare.bin"), pickle);
        for (Path file : new Path[] {zip, bare}) {
            assertThatExceptionOfType(RefusedPickleException.class)
                    .as(name)
                    .isThrownBy(() -> TorchArchive.open(file))
                    .withMessageContaining(problem);
        }
    }

    @Test
    void aMillionNestedTuplesNeedNoStackOfOurs() throws RefusedPickleException {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.writeBytes(new byte[] {(byte) 0x80, 2, 'N'});
        for (int i = 0; i < 1_000_000; i++) {
            pickle.write(0x85);
        }
        pickle.write('.');
        assertThat(Unpickler.read(pickle.toByteArray()).describe()).isEqualTo("a tuple of 1");
    }

    @Test
    void aListInsideItselfIsOneValue() throws RefusedPickleException {
        byte[] pickle = {(byte) 0x80, 2, ']', 'q', 0, 'h', 0, 'a', '.'};
        assertThat(Unpickler.read(pickle).describe()).isEqualTo("a list of 1");
    }

    @Test
    void doublingTuplesSixtyTimesIsNotExpanded() throws RefusedPickleException {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.writeBytes(new byte[] {(byte) 0x80, 2, 'N'});
        for (int i = 0; i < 60; i++) {
            pickle.writeBytes(new byte[] {'q', 0, 'h', 0, (byte) 0x86});
        }
        pickle.write('.');
        assertThat(Unpickler.read(pickle.toByteArray()).describe()).isEqualTo("a tuple of 2");
    }

    @Test
    void everyAllowedOpcodeIsRunAndEveryOtherRefused() {
        for (Opcode opcode : Opcode.values()) {
            byte[] pickle = {(byte) opcode.code(), 0, 0, 0, 0, 0, 0, 0, 0, '\n', '\n'};
            assertThatExceptionOfType(RefusedPickleException.class)
                    .isThrownBy(() -> Unpickler.read(pickle))
                    .satisfies(e -> {
                        if (opcode.isAllowed()) {
                            assertThat(e).hasMessageNotContaining("has no rule");
                        } else {
                            assertThat(e)
                                    .hasMessageContaining("opcode " + opcode)
                                    .hasMessageContaining("not allowed");
                        }
                    });
        }
    }

    @Test
    void randomDamageNeverEscapesAsAnotherException() throws RefusedPickleException {
        byte[] whole = new TorchFile()
                .tensor("a", "FloatStorage", "0", 6, 0, new long[] {2, 3}, new long[] {3, 1})
                .op('u', '.')
                .pickle();
        assertThat(Unpickler.read(whole)).isInstanceOf(Value.Dict.class);
        long seed = 20261121;
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        int refused = 0;
        for (int trial = 0; trial < 20_000; trial++) {
            byte[] damaged = whole.clone();
            for (int change = 0; change <= random.nextInt(4); change++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                Unpickler.read(damaged);
            } catch (RefusedPickleException e) {
                refused++;
                assertThat(e.getMessage()).isPrintable();
            }
        }
        assertThat(refused).isBetween(1_000, 20_000);
    }
}
