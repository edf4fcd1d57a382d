package io.densespark.data.records;

import io.densespark.data.DataException;
import io.densespark.data.files.FileSystems;
import java.io.IOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;

/** Reads an archive's records one after the other, in a task; no more than one is in memory. */
final class TarListing implements FlatMapFunction<String, Row> {
    private final Broadcast<SerializableConfiguration> hadoop;
    private final boolean withImages;

    /** @param withImages whether records get the images, and not their names only */
    TarListing(Broadcast<SerializableConfiguration> hadoop, boolean withImages) {
        this.hadoop = hadoop;
        this.withImages = withImages;
    }

    @Override
    public Iterator<Row> call(String archive) {
        Configuration conf = hadoop.value().value();
        Path path = new Path(archive);
        try {
            TarSamples samples = new TarSamples(path, FileSystems.of(conf, path).open(path), withImages);
            Optional.ofNullable(TaskContext.get())
                    .ifPresent(task -> task.addTaskCompletionListener(new TaskCompletionListener() {
                        @Override
                        public void onTaskCompletion(TaskContext context) {
                            samples.close();
                        }
                    }));
            return new Rows(samples);
        } catch (IOException e) {
            throw DataException.cannotRead(conf, path, e);
        }
    }

    private static final class Rows implements Iterator<Row> {
        private final TarSamples samples;
        private Optional<ImageRecord> next;

        Rows(TarSamples samples) {
            this.samples = samples;
            next = samples.next();
        }

        @Override
        public boolean hasNext() {
            return next.isPresent();
        }

        @Override
        public Row next() {
            Row row = next.orElseThrow(NoSuchElementException::new).toRow();
            next = samples.next();
            return row;
        }
    }
}
