import time, asyncio, random
from datetime import datetime, UTC
from tests.services.notification.reporters import by_sms
from tests.support.room import until
async def test_latency(notification, gateway):
    out=[]
    for _ in range(25):
        r=by_sms(notification)
        await asyncio.sleep(random.random())
        t=datetime.now(UTC)
        await notification.hear(r.submission(), r.complaint, lane="urgent")
        async def got(): return await gateway.taken(to=r.number)
        (m,)=await until(got,"x")
        out.append((datetime.fromisoformat(m["at"])-t).total_seconds())
    out.sort(); print("LAT median",out[12],"max",out[-1])
    rs=[by_sms(notification) for _ in range(300)]
    t=time.time()
    for r in rs: await notification.hear(r.submission(), r.complaint)
    async def alln(): return len(await gateway.taken())>=325
    await until(alln,"all",120)
    print("300 SMS in",time.time()-t)
