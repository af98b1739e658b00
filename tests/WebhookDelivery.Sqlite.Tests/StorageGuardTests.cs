using Microsoft.Extensions.Logging.Abstractions;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Sqlite.Tests;

public sealed class StorageGuardTests
{
    private readonly ManualTimeProvider _time = new();
    private long _free = 1000;
    private long _wal;
    private readonly DamageReport _damage = new(NullLogger.Instance);
    private int _looks;
    private int _emptied;

    [Fact]
    public void Refusal_WithinTheSecond_IsNotLookedUpAgain()
    {
        var guard = NewGuard();
        Assert.Null(guard.Refusal);
        _free = 1;
        Assert.Null(guard.Refusal);
        Assert.Equal(1, _looks);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(guard.Refusal);
        Assert.Equal(2, _looks);
    }

    [Theory]
    [InlineData(99, 0, true)]
    [InlineData(100, 0, false)]
    [InlineData(100, 500, false)]
    [InlineData(100, 501, true)]
    public void Refusal_OfShortRoomOrALongLog_HoldsUntilItHeals(long free, long wal, bool refused)
    {
        (_free, _wal) = (free, wal);
        var guard = NewGuard();
        Assert.Equal(refused, guard.Refusal is not null);
        (_free, _wal) = (1000, 0);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(guard.Refusal);
    }

    [Fact]
    public void Refusal_OfALongLog_HasItEmptied()
    {
        var guard = NewGuard();
        Assert.Null(guard.Refusal);
        Assert.Equal(0, _emptied);
        _wal = 501;
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(guard.Refusal);
        Assert.Equal(1, _emptied);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(guard.Refusal);
        Assert.Equal(2, _emptied);
    }

    [Fact]
    public void Refusal_OfADamagedDatabase_ComesAtOnceAndStays()
    {
        var guard = NewGuard();
        Assert.Null(guard.Refusal);
        _damage.Note(new SqliteException(SqliteNative.Busy, "locked"));
        Assert.Null(guard.Refusal);
        _damage.Note(new SqliteException(SqliteNative.Corrupt, "malformed"));
        Assert.Contains("damaged", guard.Refusal, StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Contains("damaged", guard.Refusal, StringComparison.Ordinal);
    }

    private StorageGuard NewGuard() =>
        new(
            new SqliteEngineOptions
            {
                DataDirectory = ".",
                DiskFreeBytesMin = 100,
                WalBytesMax = 500,
            },
            () =>
            {
                _looks++;
                return _free;
            },
            () => _wal,
            () => _emptied++,
            _damage,
            _time,
            NullLogger.Instance
        );
}
