namespace WebhookDelivery.Sqlite;

/// <summary>
/// Watches the write-ahead log of a database that is being read for long: it cannot begin anew until
/// the reading ends, and beyond a size the server refuses new events.
/// </summary>
/// <param name="path">The log.</param>
/// <param name="bytesMax">Its size beyond which reading is given up.</param>
/// <param name="cure">What an operator can do about it, as a clause of its own.</param>
internal sealed class WalWatch(string path, long bytesMax, string cure)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);

    private long BytesMax => bytesMax;

    public long Bytes => new FileInfo(path) is { Exists: true, Length: var length } ? length : 0;

    /// <exception cref="BackupException">The log is too long.</exception>
    public void RequireRoom()
    {
        if (Bytes is var bytes && bytes > bytesMax)
        {
            throw new BackupException(
                $"Given up, as the server's write-ahead log has grown to {DatabaseFile.Megabytes(bytes)}: it cannot begin anew while the database is read. Try again when less is written, {cure}, or stop the server first."
            );
        }
    }

    /// <summary>Interrupts what runs on a connection once the log is too long, until disposed.</summary>
    public IDisposable Guard(Database database) => new Watch(this, database);

    private sealed class Watch : IDisposable
    {
        private readonly WalWatch _owner;
        private readonly Database _database;
        private readonly Lock _looking = new();
        private readonly Timer _timer;
        private bool _ended;

        public Watch(WalWatch owner, Database database)
        {
            _owner = owner;
            _database = database;
            _timer = new Timer(_ => Look(), null, s_interval, s_interval);
        }

        public void Dispose()
        {
            _timer.Dispose();
            lock (_looking)
            {
                // The connection may be closed from now on, and the timer may tick once more.
                _ended = true;
            }
        }

        private void Look()
        {
            lock (_looking)
            {
                if (!_ended && _owner.Bytes > _owner.BytesMax)
                {
                    _database.Interrupt();
                }
            }
        }
    }
}
