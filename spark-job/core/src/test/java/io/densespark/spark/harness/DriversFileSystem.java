package io.densespark.spark.harness;

import java.net.URI;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** The local disk as {@code drivers:/...}, a scheme that nobody knows who isn't told by a setting. */
public final class DriversFileSystem extends RawLocalFileSystem {
    @Override
    public String getScheme() {
        return "drivers";
    }

    @Override
    public URI getUri() {
        return URI.create("drivers:///");
    }
}
