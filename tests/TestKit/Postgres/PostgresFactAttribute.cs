using Xunit;

namespace OrleansRooms.TestKit.Postgres;

/// <summary>A test that needs a PostgreSQL server. Without one it is skipped and says how to get it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresFactAttribute : FactAttribute
{
    /// <summary>Creates the attribute.</summary>
    public PostgresFactAttribute()
    {
        if (PostgresPrograms.FindFolder() is null)
        {
            Skip = PostgresPrograms.HowToGetThem;
        }
    }
}
