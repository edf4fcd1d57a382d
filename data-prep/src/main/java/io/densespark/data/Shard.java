package io.densespark.data;

import java.io.Serializable;
import java.util.regex.Pattern;

/**
 * One Parquet file of a data set.
 *
 * <p>Making one throws {@link DataException} if one of them is not as described.
 *
 * @param file the file's name inside the data set's folder, without any folder of its own
 * @param rows images in it, at least 1
 * @param bytes its length
 * @param sha256 SHA-256 of the whole file, 64 lower-case hexadecimal digits
 */
public record Shard(String file, int rows, long bytes, String sha256) implements Serializable {
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    public Shard {
        // Overwriting a data set deletes the files it lists, so a name must not lead out of its folder.
        if (file == null || !PLAIN_NAME.matcher(file).matches()) {
            throw new DataException("shard file '" + file + "' is not a plain file name: run prepare again");
        }
        if (rows <= 0 || bytes <= 0) {
            throw new DataException(
                    "shard " + file + " is listed with " + rows + " rows and " + bytes + " bytes: run prepare again");
        }
        if (sha256 == null || !SHA_256.matcher(sha256).matches()) {
            throw new DataException("shard " + file + " is listed with the SHA-256 '" + sha256
                    + "', which is not 64 hexadecimal digits: run prepare again");
        }
    }
}
