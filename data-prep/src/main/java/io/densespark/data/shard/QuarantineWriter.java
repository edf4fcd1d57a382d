package io.densespark.data.shard;

import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;

import io.densespark.data.DataException;
import io.densespark.data.Shard;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/** Writes the table of images that couldn't be prepared: the strings {@code path} and {@code reason}, both required. */
public final class QuarantineWriter {
    private static final List<String> COLUMNS = List.of("path", "reason");
    private static final MessageType SCHEMA = new MessageType(
            "quarantine",
            COLUMNS.stream()
                    .map(name -> (Type) Types.required(BINARY)
                            .as(LogicalTypeAnnotation.stringType())
                            .named(name))
                    .toList());

    private QuarantineWriter() {}

    /**
     * Writes the whole table; the file must not exist.
     *
     * @param rows each a path and a reason; at least one
     * @throws DataException if it can't be written
     */
    public static Shard write(Configuration conf, Path file, List<List<String>> rows) {
        try {
            DigestOutputFile output = new DigestOutputFile(file, file.getFileSystem(conf));
            try (ParquetWriter<List<String>> writer =
                    new Builder(output).withConf(conf).build()) {
                for (List<String> row : rows) {
                    writer.write(row);
                }
            }
            return new Shard(file.getName(), rows.size(), output.bytes(), output.sha256());
        } catch (IOException e) {
            throw DataException.cannotWrite(file, e);
        }
    }

    private static final class Builder extends ParquetWriter.Builder<List<String>, Builder> {
        Builder(OutputFile file) {
            super(file);
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        protected WriteSupport<List<String>> getWriteSupport(Configuration conf) {
            return new Rows();
        }
    }

    private static final class Rows extends WriteSupport<List<String>> {
        private Optional<RecordConsumer> consumer = Optional.empty();

        @Override
        public WriteContext init(Configuration conf) {
            return new WriteContext(SCHEMA, Map.of());
        }

        @Override
        public void prepareForWrite(RecordConsumer recordConsumer) {
            consumer = Optional.of(recordConsumer);
        }

        @Override
        public void write(List<String> row) {
            RecordConsumer out = consumer.orElseThrow();
            out.startMessage();
            for (int column = 0; column < COLUMNS.size(); column++) {
                out.startField(COLUMNS.get(column), column);
                out.addBinary(Binary.fromString(row.get(column)));
                out.endField(COLUMNS.get(column), column);
            }
            out.endMessage();
        }
    }
}
