package org.commissure.privacy.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import org.commissure.protocol.UserError;

/** Decrypts a sealed archive; gives out no byte of a chunk that does not verify. Not thread-safe. */
final class SealedInput extends InputStream {
    private final PushbackInputStream in;
    private final SealKey key;
    private byte[] plain = new byte[0];
    private int at;
    private boolean over;

    /** @param in behind the magic */
    SealedInput(InputStream in, char[] passphrase) throws IOException {
        byte[] salt = in.readNBytes(SealKey.SALT_BYTES);
        if (salt.length < SealKey.SALT_BYTES) {
            throw damaged();
        }
        this.in = new PushbackInputStream(in, 1);
        this.key = new SealKey(passphrase, salt);
    }

    @Override
    public int read() throws IOException {
        return fill() ? plain[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int some = Math.min(length, plain.length - at);
        System.arraycopy(plain, at, bytes, offset, some);
        at += some;
        return some;
    }

    private boolean fill() throws IOException {
        while (at == plain.length) {
            if (over) {
                return false;
            }
            byte[] sealed = in.readNBytes(SealKey.CHUNK_BYTES + SealKey.TAG_BYTES);
            int next = in.read();
            over = next < 0;
            if (!over) {
                in.unread(next);
            }
            try {
                plain = key.next(Cipher.DECRYPT_MODE, sealed, sealed.length, over);
            } catch (GeneralSecurityException e) {
                throw new UserError(
                        "the backup does not open with this passphrase, or it is cut off or damaged",
                        "give the passphrase that it was made with, or take another copy",
                        e);
            }
            at = 0;
        }
        return true;
    }

    private static UserError damaged() {
        return new UserError("the backup is cut off in its first bytes", "take another copy");
    }

    @Override
    public void close() throws IOException {
        Arrays.fill(plain, (byte) 0);
        in.close();
    }
}
