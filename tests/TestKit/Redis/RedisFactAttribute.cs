using Xunit;

namespace OrleansRooms.TestKit.Redis;

/// <summary>A test that needs a redis-server. Without one it is skipped and says how to get it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RedisFactAttribute : FactAttribute
{
    /// <summary>Creates the attribute.</summary>
    public RedisFactAttribute()
    {
        if (RedisProgram.Find() is null)
        {
            Skip = RedisProgram.HowToGetIt;
        }
    }
}
